import type { OwnerBinding } from '../auth/owner.ts'
import type { RequestAuth } from '../auth/request-auth.ts'
import { SalesforceAuth } from '../auth/salesforce-auth.ts'
import type { OpenedRequest } from '../auth/salesforce-auth.ts'
import type { Tenancy } from '../auth/tenancy.ts'
import { ConfigError } from '../errors/errors.ts'
import type { Exchange } from './exchange.ts'
import { rememberAuth } from './opened-auth.ts'

/** Where a middleware takes the instance of each request from, when one process serves several tenants. */
export interface TenantSource<Request> {
  tenancy: Tenancy
  /** Whose request it is: what the tenancy is asked for. Take it from what a stranger cannot choose at will. */
  tenant: (request: Request) => string | Promise<string>
}

/** What a middleware is told of its app, besides the options of the instance. */
export interface RequestBinding<Request> {
  /**
   * Who is signed in to the app: the id of its user or tenant, `undefined` for nobody. Connections belong to that owner.
   * It runs when connections are asked for, so mount what finds out who it is before this middleware.
   * @default nobody may connect
   */
  owner?: ((request: Request) => ReturnType<OwnerBinding>) | undefined
}

/** Opens what comes in for the instance that it belongs to. */
export interface RequestSource<Request> {
  /** Opens a request. Guards recall its auth by `key`, an object that there is one of for each request. */
  open(
    request: Request,
    at: { readonly exchange: Exchange; readonly key: object },
  ): Promise<OpenedRequest & { readonly salesforce: SalesforceAuth }>
  /** Opens the handshake of a WebSocket. */
  openHandshake(request: Request, exchange: Exchange): Promise<RequestAuth>
  /** Opens a message without a request. @throws {ConfigError} when there are tenants: nothing says whose it is. */
  openMessage(authorization: string | undefined): RequestAuth
}

type InstanceOrTenants<Request> = SalesforceAuth | TenantSource<Request>

/** What a middleware was given: a ready instance or tenants as they are; of options an instance is made at once. */
export function readSource<Request, Options extends object>(
  given: InstanceOrTenants<Request> | Options,
  create: (options: Options) => SalesforceAuth,
): InstanceOrTenants<Request> {
  if ('tenancy' in given || 'open' in given) return given
  if ('get' in given && 'forget' in given) throw fault('tenancy', 'stands alone', TENANTS)
  return create(given)
}

const TENANTS = 'Say whose each request is, too: { tenancy, tenant: (request) => … }.'

function fault(option: string, problem: string, hint: string): ConfigError {
  return new ConfigError([{ option, problem, hint }])
}

/** Finds out at the start what would fail with the first request. */
function requireFunctions(given: object, { owner, ...rest }: RequestBinding<never>): void {
  if ('tenancy' in given && typeof (given as Partial<TenantSource<never>>).tenant !== 'function')
    throw fault('tenant', 'is no function', TENANTS)
  if (owner !== undefined && typeof owner !== 'function')
    throw fault('owner', 'is no function', 'Give one that reads it out of a request: (request) => request.user?.id.')
  for (const option of Object.keys(rest)) throw fault(option, 'is not an option', 'Beside the options stands owner.')
}

/** Opens requests for an instance, or for the tenant that each is of. */
export function requestSource<Request>(
  given: InstanceOrTenants<Request>,
  bindings: RequestBinding<Request> = {},
): RequestSource<Request> {
  requireFunctions(given, bindings)
  const { owner } = bindings
  const instance = 'tenancy' in given ? NO_INSTANCE : given
  const instanceOf = async (request: Request): Promise<SalesforceAuth> =>
    'tenancy' in given ? given.tenancy.get(await given.tenant(request)) : given
  const binding = (request: Request): { owner?: OwnerBinding } =>
    owner === undefined ? {} : { owner: () => owner(request) }
  return {
    async open(request, { exchange, key }) {
      const salesforce = await instanceOf(request)
      const opened = salesforce.open(exchange, binding(request))
      rememberAuth(key, salesforce, opened.auth)
      return { ...opened, salesforce }
    },
    openHandshake: async (request, exchange) => (await instanceOf(request)).openHandshake(exchange, binding(request)),
    openMessage: (authorization) => instance.openMessage(authorization),
  }
}

/** What stands where one instance is asked for and there are tenants: whatever is wanted of it is a {@link ConfigError}. */
export const NO_INSTANCE: SalesforceAuth = new Proxy(Object.create(null) as SalesforceAuth, {
  get(_, key) {
    // Containers look for members that no instance has: `then`, hooks of theirs.
    if (key === 'constructor' || !Object.hasOwn(SalesforceAuth.prototype, key)) return undefined
    const hint = 'Ask the tenancy for the instance of a tenant: await tenancy.get(tenant).'
    throw new ConfigError([{ option: 'tenancy', problem: 'has an instance for each tenant, and none for all', hint }])
  },
})
