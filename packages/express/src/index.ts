import * as core from '@orgpass/core'
import type { Guard, RequestAuth, SalesforceAuth, SalesforceAuthOptions } from '@orgpass/core'
import {
  createSalesforceAuth,
  nodeExchange,
  nodeMiddleware,
  readInstance,
  readSource,
  recallAuth,
  requestSource,
  sendReply,
} from '@orgpass/core/node'
import type { InstanceOptions, RequestBinding, TenantSource } from '@orgpass/core/node'
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

type OneOrMore = string | readonly string[]

/**
 * Answers the auth routes and puts the session and connection on `req.salesforce`. What is not given comes from the
 * environment. Mount it before the routes that use it; it reads nothing until a route asks. Give `{ tenancy, tenant }`
 * in place of options to serve several tenants, and `{ owner }` besides to let users of the app connect orgs.
 *
 * @throws {ConfigError} `config/invalid`, at creation, with everything that is wrong in `faults`.
 */
export function salesforceAuth(
  source: SalesforceAuth | TenantSource<Request> | SalesforceAuthOptions = {},
  binding: RequestBinding<Request> = {},
): RequestHandler {
  const requests = requestSource(readSource(source, createSalesforceAuth), binding)
  return nodeMiddleware<Request>(async (req, res) => {
    const { salesforce, auth, handle } = await requests.open(req, { exchange: nodeExchange(req, res), key: req })
    Object.defineProperty(req, salesforce.name, { value: auth, configurable: true, enumerable: false })
    return handle()
  })
}

/** This request's session and connection: what `req.salesforce` is, for instances of any name. */
export function salesforceOf(req: Request, options?: InstanceOptions): RequestAuth {
  return recallAuth(req, readInstance(options).name)
}

export { sendReply }
export type { InstanceOptions }

/** Lets a request through that a guard of core, a combination of them or one of your own lets through. */
export function requires(guard: Guard, options?: InstanceOptions): RequestHandler {
  const instance = readInstance(options)
  return nodeMiddleware(async (req: Request) => guard(salesforceOf(req, instance)))
}

/** Lets a request through when somebody is logged in; redirects a person to the login and answers 401 to the rest. */
export function requiresAuth(options?: InstanceOptions): RequestHandler {
  return requires(core.requiresAuth(), options)
}

/** Lets a request through that a page of this app sent: for every route that changes something. */
export function requiresSameOrigin(options?: InstanceOptions): RequestHandler {
  return requires(core.requiresSameOrigin(), options)
}

/** Lets a request through that carries a Salesforce access token as the option `bearer` accepts them. */
export function requiresBearer(options?: InstanceOptions): RequestHandler {
  return requires(core.requiresBearer(), options)
}

/** Lets through whose token covers every one of the scopes; 403 otherwise, as all guards below. */
export function requiresScope(scopes: OneOrMore, options?: InstanceOptions): RequestHandler {
  return requires(core.requiresScope(scopes), options)
}

/** Lets through who is of one of the orgs: 18-character ids, `'sandbox'` or `'production'`. */
export function requiresOrg(orgs: OneOrMore, options?: InstanceOptions): RequestHandler {
  return requires(core.requiresOrg(orgs), options)
}

/** Lets through whose profile is one of those named. */
export function requiresProfile(names: OneOrMore, options?: InstanceOptions): RequestHandler {
  return requires(core.requiresProfile(names), options)
}

/** Lets through who has every one of the permission sets or groups, by API name. */
export function requiresPermissionSet(names: OneOrMore, options?: InstanceOptions): RequestHandler {
  return requires(core.requiresPermissionSet(names), options)
}

/** Lets through who holds every one of the custom permissions, by API name. */
export function requiresCustomPermission(names: OneOrMore, options?: InstanceOptions): RequestHandler {
  return requires(core.requiresCustomPermission(names), options)
}

/** Lets through whose type of user is one of those named, such as `'STANDARD'`. */
export function requiresUserType(types: OneOrMore, options?: InstanceOptions): RequestHandler {
  return requires(core.requiresUserType(types), options)
}
