import * as core from '@orgpass/core'
import type { Guard, Reply, RequestAuth, SalesforceAuth, SalesforceAuthOptions } from '@orgpass/core'
import {
  createSalesforceAuth,
  nodeExchange,
  readInstance,
  readSource,
  recallAuth,
  replyHeaders,
  requestSource,
} from '@orgpass/core/node'
import type { InstanceOptions, RequestBinding, TenantSource } from '@orgpass/core/node'
import type { Context, Middleware } from 'koa'

/** What `salesforceAuth()` adds to `ctx.state`: `new Koa<SalesforceState>()`. An instance of another name adds that one. */
export type SalesforceState<Name extends string = 'salesforce'> = {
  /** This request's Salesforce session and connection. */
  readonly [Property in Name]: RequestAuth
}

type NamedOptions<Name extends string> = SalesforceAuthOptions & { name?: Name }
type Source<Name extends string> = SalesforceAuth | TenantSource<Context> | NamedOptions<Name>
type OneOrMore = string | readonly string[]

export type { InstanceOptions }

/**
 * Answers the auth routes and puts the session and connection on `ctx.state.salesforce`. What is not given comes from
 * the environment. Mount it before what uses it; it reads nothing until a route asks. Give `{ tenancy, tenant }` in
 * place of options to serve several tenants, and `{ owner }` besides to let users of the app connect orgs.
 *
 * @throws {ConfigError} `config/invalid`, at creation, with everything that is wrong in `faults`.
 */
export function salesforceAuth(
  source?: Source<'salesforce'>,
  binding?: RequestBinding<Context>,
): Middleware<SalesforceState>
/** The same under another name. A ready instance does not tell its name to TypeScript: `salesforceAuth<'partner'>(instance)`. */
export function salesforceAuth<Name extends string>(
  source: Source<Name>,
  binding?: RequestBinding<Context>,
): Middleware<SalesforceState<Name>>
export function salesforceAuth(source: Source<string> = {}, binding: RequestBinding<Context> = {}): Middleware<object> {
  const requests = requestSource(readSource(source, createSalesforceAuth), binding)
  return async (ctx, next) => {
    const exchange = nodeExchange(ctx.req, ctx.res, ctx.request)
    const { salesforce, auth, handle } = await requests.open(ctx, { exchange, key: ctx.req })
    Object.defineProperty(ctx.state, salesforce.name, { value: auth, configurable: true, enumerable: false })
    const reply = await handle()
    if (reply === undefined) await next()
    else sendReply(ctx, reply)
  }
}

/** This request's session and connection: what `ctx.state.salesforce` is, for instances of any name. */
export function salesforceOf(ctx: Pick<Context, 'req'>, options?: InstanceOptions): RequestAuth {
  return recallAuth(ctx.req, readInstance(options).name)
}

/** Answers with a reply of core's: that of `ctx.state.salesforce.login()`, for example. */
export function sendReply(ctx: Pick<Context, 'status' | 'body' | 'set'>, reply: Reply): void {
  ctx.status = reply.status
  ctx.set(replyHeaders(reply))
  ctx.body = reply.body ?? ''
}

/** Lets a request through that a guard of core, a combination of them or one of your own lets through. */
export function requires(guard: Guard, options?: InstanceOptions): Middleware<object> {
  const instance = readInstance(options)
  return async (ctx, next) => {
    const reply = await guard(salesforceOf(ctx, instance))
    if (reply === undefined) await next()
    else sendReply(ctx, reply)
  }
}

/** Lets a request through when somebody is logged in; redirects a person to the login and answers 401 to the rest. */
export function requiresAuth(options?: InstanceOptions): Middleware<object> {
  return requires(core.requiresAuth(), options)
}

/** Lets a request through that a page of this app sent: for every route that changes something. */
export function requiresSameOrigin(options?: InstanceOptions): Middleware<object> {
  return requires(core.requiresSameOrigin(), options)
}

/** Lets a request through that carries a Salesforce access token as the option `bearer` accepts them. */
export function requiresBearer(options?: InstanceOptions): Middleware<object> {
  return requires(core.requiresBearer(), options)
}

/** Lets through whose token covers every one of the scopes; 403 otherwise, as all guards below. */
export function requiresScope(scopes: OneOrMore, options?: InstanceOptions): Middleware<object> {
  return requires(core.requiresScope(scopes), options)
}

/** Lets through who is of one of the orgs: 18-character ids, `'sandbox'` or `'production'`. */
export function requiresOrg(orgs: OneOrMore, options?: InstanceOptions): Middleware<object> {
  return requires(core.requiresOrg(orgs), options)
}

/** Lets through whose profile is one of those named. */
export function requiresProfile(names: OneOrMore, options?: InstanceOptions): Middleware<object> {
  return requires(core.requiresProfile(names), options)
}

/** Lets through who has every one of the permission sets or groups, by API name. */
export function requiresPermissionSet(names: OneOrMore, options?: InstanceOptions): Middleware<object> {
  return requires(core.requiresPermissionSet(names), options)
}

/** Lets through who holds every one of the custom permissions, by API name. */
export function requiresCustomPermission(names: OneOrMore, options?: InstanceOptions): Middleware<object> {
  return requires(core.requiresCustomPermission(names), options)
}

/** Lets through whose type of user is one of those named, such as `'STANDARD'`. */
export function requiresUserType(types: OneOrMore, options?: InstanceOptions): Middleware<object> {
  return requires(core.requiresUserType(types), options)
}
