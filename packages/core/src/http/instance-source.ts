import type { OwnerBinding } from '../auth/owner.ts'
import type { SalesforceAuth } from '../auth/salesforce-auth.ts'
import type { Tenancy } from '../auth/tenancy.ts'

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

/** The instance of a request. */
export type InstanceOf<Request> = (request: Request) => SalesforceAuth | Promise<SalesforceAuth>

/** Reads what a middleware was given: a ready instance, tenants, or the options of an instance that is made at once. */
export function instanceSource<Request, Options extends object>(
  source: SalesforceAuth | TenantSource<Request> | Options,
  create: (options: Options) => SalesforceAuth,
): InstanceOf<Request> {
  if ('tenancy' in source) return async (request) => source.tenancy.get(await source.tenant(request))
  const instance = 'open' in source ? source : create(source)
  return () => instance
}

/** The owner of one request, read out of it when it is asked for. */
export function ownerOf<Request>(
  { owner }: RequestBinding<Request>,
  request: Request,
): { owner?: OwnerBinding | undefined } {
  return owner === undefined ? {} : { owner: () => owner(request) }
}
