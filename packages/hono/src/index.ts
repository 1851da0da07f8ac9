import * as core from '@orgpass/core'
import type { Environment, Guard, Reply, RequestAuth, SalesforceAuth, SalesforceAuthOptions } from '@orgpass/core'
import {
  perEnvironment,
  readInstance,
  readSource,
  recallAuth,
  requestSource,
  shapeGuard,
  webExchange,
  webReply,
  withCookies,
} from '@orgpass/core/web'
import type { InstanceOptions, RequestBinding, ShapedGuard, TenantSource } from '@orgpass/core/web'
import type { Context, MiddlewareHandler } from 'hono'
import { env, getRuntimeKey } from 'hono/adapter'

/** What `salesforceAuth()` adds to an app: `new Hono<SalesforceEnv>()`. For two: `SalesforceEnv<'salesforce' | 'partner'>`. */
export interface SalesforceEnv<Name extends string = 'salesforce'> {
  Variables: Record<Name, RequestAuth>
}

export type { InstanceOptions }

type NamedOptions<Name extends string> = Omit<SalesforceAuthOptions, 'name'> & { name?: Name }
type Source<Name extends string, Bindings> = NamedOptions<Name> | ((environment: Bindings) => NamedOptions<Name>)

/**
 * Answers the auth routes and puts the session and connection on `c.var.salesforce`. What is not given comes from the
 * environment: the bindings on Workers, `process.env` elsewhere. A function is given the bindings. Mount it before the
 * routes that use it; it reads nothing until a route asks. Give `{ owner }` besides to let users of the app connect orgs.
 *
 * @throws {ConfigError} `config/invalid`, at the first request of an environment, with everything that is wrong in `faults`.
 */
export function salesforceAuth<Name extends string = 'salesforce', Bindings extends object = object>(
  source?: Source<Name, Bindings>,
  binding?: RequestBinding<Context>,
): MiddlewareHandler<SalesforceEnv<Name> & { Bindings: Bindings }>
/**
 * The same with a ready instance, or `{ tenancy, tenant }` for several tenants; the name of the instance, when it has one,
 * is the type argument: `salesforceAuth<'partner'>(instance)`.
 */
export function salesforceAuth<Name extends string = 'salesforce'>(
  instance: SalesforceAuth | TenantSource<Context>,
  binding?: RequestBinding<Context>,
): MiddlewareHandler<SalesforceEnv<Name>>
export function salesforceAuth(
  source: SalesforceAuth | TenantSource<Context> | Source<string, Environment> = {},
  binding: RequestBinding<Context> = {},
): MiddlewareHandler {
  const sourceFor = perEnvironment((environment: Environment) =>
    requestSource(
      readSource(source, (options: Source<string, Environment>) =>
        core.createSalesforceAuth(typeof options === 'function' ? options(environment) : options, environment),
      ),
      binding,
    ),
  )
  return async (c, next) => {
    // Hono copies Deno's environment for each request, which takes the permission to read every variable.
    const requests = sourceFor(env(c, getRuntimeKey() === 'deno' ? 'node' : undefined) ?? {})
    const exchange = webExchange(c.req.raw, { parsedBody: () => c.req.parseBody(), waitUntil: keepAlive(c) })
    const { salesforce, auth, handle } = await requests.open(c, { exchange, key: c })
    c.set(salesforce.name, auth)
    const reply = await handle().catch((error: unknown) => {
      // What stands on c.res is Hono's to put on the answer of the error handler.
      c.res = withCookies(c.res, exchange)
      throw error
    })
    if (reply === undefined) await next()
    else c.res = sendReply(c, reply)
    const response = withCookies(c.res, exchange)
    if (response === c.res) return
    // Assigned over another response, it would get that one's cookies in place of its own.
    c.res = undefined
    c.res = response
  }
}

/** This request's session and connection: what `c.var.salesforce` is, for instances of any name. */
export function salesforceOf(c: Context, options?: InstanceOptions): RequestAuth {
  return recallAuth(c, readInstance(options).name)
}

/** The response for a reply of the kit, with what the app has put on the context: return it from a handler. */
export function sendReply(c: Context, reply: Reply): Response {
  const response = webReply(reply)
  return c.newResponse(response.body, response)
}

function keepAlive(c: Context): (work: Promise<unknown>) => void {
  try {
    return c.executionCtx.waitUntil.bind(c.executionCtx)
  } catch {
    return () => undefined // Hono throws where the platform has none: work goes on by itself there.
  }
}

/** Lets a request through that a guard of core, a combination of them or one of your own lets through. */
export function requires(guard: Guard, options?: InstanceOptions): MiddlewareHandler {
  const instance = readInstance(options)
  return async (c, next) => {
    const reply = await guard(salesforceOf(c, instance))
    return reply === undefined ? next() : sendReply(c, reply)
  }
}

/** Lets a request through when somebody is logged in; redirects a person to the login and answers 401 to the rest. */
export function requiresAuth(options?: InstanceOptions): MiddlewareHandler {
  return requires(core.requiresAuth(), options)
}

/** Lets a request through that a page of this app sent: for every route that changes something. */
export function requiresSameOrigin(options?: InstanceOptions): MiddlewareHandler {
  return requires(core.requiresSameOrigin(), options)
}

/** Lets a request through that carries a Salesforce access token as the option `bearer` accepts them. */
export function requiresBearer(options?: InstanceOptions): MiddlewareHandler {
  return requires(core.requiresBearer(), options)
}

type Requires = ShapedGuard<MiddlewareHandler>

/** Lets through whose token covers every one of the scopes; 403 otherwise, as all guards below. */
export const requiresScope: Requires = shapeGuard(requires, core.requiresScope)
/** Lets through who is of one of the orgs: 18-character ids, `'sandbox'` or `'production'`. */
export const requiresOrg: Requires = shapeGuard(requires, core.requiresOrg)
/** Lets through whose profile is one of those named. */
export const requiresProfile: Requires = shapeGuard(requires, core.requiresProfile)
/** Lets through who has every one of the permission sets or groups, by API name. */
export const requiresPermissionSet: Requires = shapeGuard(requires, core.requiresPermissionSet)
/** Lets through who holds every one of the custom permissions, by API name. */
export const requiresCustomPermission: Requires = shapeGuard(requires, core.requiresCustomPermission)
/** Lets through whose type of user is one of those named, such as `'STANDARD'`. */
export const requiresUserType: Requires = shapeGuard(requires, core.requiresUserType)
