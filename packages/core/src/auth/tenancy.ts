import { SingleFlight } from '../connection/single-flight.ts'
import { ConfigError, RequestError } from '../errors/errors.ts'
import type { Environment, SalesforceAuthOptions } from '../options.ts'
import { BoundedMap } from '../store/bounded-map.ts'
import type { SalesforceAuth } from './salesforce-auth.ts'

/** What a tenant's instance is made of; `undefined` when there is no such tenant. */
export type TenantOptions = (
  tenant: string,
) => SalesforceAuthOptions | undefined | Promise<SalesforceAuthOptions | undefined>

export interface TenancyOptions {
  /** Instances kept at once; the one unused for longest goes first. @default 1_000 */
  maxTenants?: number
  /**
   * How long an instance is kept before its options are asked for again. A new instance remembers nothing of the one
   * before, so give this only with sessions in a store. Milliseconds. @default for ever
   */
  ttl?: number
  /** Where options come from that are not given, as for one instance. @default process.env */
  environment?: Environment
}

/**
 * Several apps of Salesforce's in one process, one instance for each tenant. Keep sessions in a store: what an instance
 * knows of sessions in cookies, renewed tokens among it, goes with it when others take its place.
 */
export interface Tenancy {
  /**
   * The tenant's instance, made when it is first asked for.
   * @throws {RequestError} `request/unknown-tenant`, a 404, when there is no such tenant.
   * @throws {ConfigError} `config/invalid` when its options cannot work.
   */
  get(tenant: string): Promise<SalesforceAuth>
  /** Has its options asked for again at the next call: after they changed. */
  forget(tenant: string): void
}

interface Known {
  readonly instance: SalesforceAuth
  /** Epoch milliseconds. */
  readonly until: number
}

/** Making one may take what the host's database takes, and no longer. Milliseconds. */
const MAKING = 60_000

/** Builds tenancies for a platform whose way to make an instance is given. */
export function buildTenancy(
  optionsOf: TenantOptions,
  { maxTenants = 1_000, ttl = Infinity }: TenancyOptions,
  make: (options: SalesforceAuthOptions, tenant: string) => SalesforceAuth,
): Tenancy {
  if (typeof optionsOf !== 'function') {
    const hint = 'Give one that answers the options of a tenant: createTenancy(async (tenant) => ({ … })).'
    throw new ConfigError([{ option: 'createTenancy', problem: 'was given no function', hint }])
  }
  if (!Number.isInteger(maxTenants) || maxTenants < 1) throw invalid('maxTenants', 'is no whole number from 1')
  if (!(ttl > 0)) throw invalid('ttl', 'is no duration in milliseconds')
  const instances = new BoundedMap<Known>({ maxEntries: maxTenants })
  const flights = new SingleFlight<SalesforceAuth>({ limit: MAKING })
  return {
    async get(tenant) {
      const known = instances.get(tenant)
      if (known !== undefined && known.until > Date.now()) return known.instance
      return flights.run(tenant, async (isCurrent) => {
        const options = await optionsOf(tenant)
        if (options === undefined) throw unknownTenant()
        const instance = make(options, tenant)
        if (isCurrent()) instances.set(tenant, { instance, until: Date.now() + ttl })
        return instance
      })
    },
    forget(tenant) {
      instances.delete(tenant)
      // Options that are on their way are old ones, too.
      flights.forget(tenant)
    },
  }
}

function invalid(option: string, problem: string): ConfigError {
  return new ConfigError([{ option, problem, hint: 'Leave it out for the default.' }])
}

function unknownTenant(): RequestError {
  return new RequestError('request/unknown-tenant', 'This address belongs to no tenant of the app.', {
    hint: 'Check the address. If it is right, the function given to createTenancy answered undefined for it.',
  })
}
