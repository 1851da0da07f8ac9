import { requiresAuth as coreRequiresAuth, requiresSameOrigin as coreRequiresSameOrigin } from '@orgpass/core'
import type { Guard, RequestAuth, SalesforceAuth, SalesforceAuthOptions } from '@orgpass/core'
import { createSalesforceAuth, nodeExchange, recallAuth, rememberAuth, sendReply } from '@orgpass/core/node'
import type { Request, RequestHandler } from 'express'

declare global {
  // Express's own way to extend its request.
  namespace Express {
    interface Request {
      /** This request's Salesforce session and connection, once `salesforceAuth()` has run. */
      readonly salesforce: RequestAuth
    }
  }
}

/** Which instance a guard or accessor means, when an app has several. */
export interface InstanceOptions {
  /** The `name` option of the instance. @default 'salesforce' */
  name?: string
}

/**
 * Answers the auth routes and puts the session and connection on `req.salesforce`. What is not given comes from the
 * environment. Mount it before the routes that use it; it reads nothing until a route asks.
 *
 * @throws {ConfigError} `config/invalid`, at creation, with everything that is wrong in `faults`.
 */
export function salesforceAuth(instance: SalesforceAuth | SalesforceAuthOptions = {}): RequestHandler {
  const salesforce = 'open' in instance ? instance : createSalesforceAuth(instance)
  return async (req, res, next) => {
    try {
      const { auth, handle } = salesforce.open(nodeExchange(req, res))
      rememberAuth(req, salesforce.name, auth)
      Object.defineProperty(req, salesforce.name, { value: auth, configurable: true, enumerable: false })
      const reply = await handle()
      if (reply === undefined) next()
      else sendReply(res, reply)
    } catch (error) {
      next(error)
    }
  }
}

/** Lets a request through when somebody is logged in; redirects a person to the login and answers 401 to the rest. */
export function requiresAuth(options?: InstanceOptions): RequestHandler {
  return guard(coreRequiresAuth(), options)
}

/** Lets a request through that a page of this app sent: for every route that changes something. */
export function requiresSameOrigin(options?: InstanceOptions): RequestHandler {
  return guard(coreRequiresSameOrigin(), options)
}

/** This request's session and connection: what `req.salesforce` is, for instances of any name. */
export function salesforceOf(req: Request, { name = 'salesforce' }: InstanceOptions = {}): RequestAuth {
  return recallAuth(req, name)
}

export { sendReply }

function guard(decide: Guard, options?: InstanceOptions): RequestHandler {
  return async (req, res, next) => {
    try {
      const reply = await decide(salesforceOf(req, options))
      if (reply === undefined) next()
      else sendReply(res, reply)
    } catch (error) {
      next(error)
    }
  }
}
