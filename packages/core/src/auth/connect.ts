import { checkAlias, requireFreeAlias } from '../connection/alias.ts'
import { connectionNotFound } from '../connection/connection-errors.ts'
import type { ConnectionRecord } from '../connection/connection-record.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { ConfigError } from '../errors/errors.ts'
import type { Exchange } from '../http/exchange.ts'
import type { LoginHost } from '../org/hosts.ts'
import { toId18 } from '../org/ids.ts'
import { isLocalHost } from '../org/local.ts'
import { parseTypedLoginHost } from '../org/typed-host.ts'
import type { ConnectAttempt } from '../session/transaction.ts'
import { authorize } from './authorize.ts'
import type { Prompt } from './authorize.ts'
import type { ConnectKit, Kit } from './kit.ts'

export interface ConnectOrgOptions {
  /**
   * Where the org's people log in: `'production'`, `'sandbox'`, a My Domain as somebody types it, or a trusted host.
   * @default that of the connection to reconnect, else `connect.loginUrl`
   */
  loginHost?: string
  /** What the owner calls the connection. One that has the alias already is reconnected. @default none */
  alias?: string
  /** The id of the connection to reconnect: it stays, and gets a new grant to the same org. @default a new one */
  reconnect?: string
  /** The only org that will do, as an 18-character id. @default any that `connect.allowedOrgs` allows */
  expectedOrgId?: string
  /** A path of this app to come back to. @default '/' */
  returnTo?: string
  /** `login` lets somebody else log in: needed to connect another org than the browser is logged in to. @default none */
  prompt?: Prompt
  /** A user name to pre-fill. */
  loginHint?: string
}

interface Asking {
  readonly kit: Kit
  readonly exchange: Exchange
}

/** Starts a connection for an owner and answers the address at Salesforce where it goes on. */
export async function startConnect({ kit, exchange }: Asking, owner: string, options: ConnectOrgOptions): Promise<URL> {
  const connect = requireConnectKit(kit)
  const { alias, reconnect, expectedOrgId } = options
  const known = await existing(connect, owner, options)
  // An alias that stands for another org is told so at the end, in its own words.
  const knownOrgId = reconnect === undefined ? undefined : known?.tokens.identity.orgId
  const orgId = expectedOrgId === undefined ? knownOrgId : requireOrgId(expectedOrgId)
  const attempt: ConnectAttempt = {
    owner,
    ...(alias !== undefined && { alias: checkAlias(alias) }),
    ...(reconnect !== undefined && { connectionId: reconnect }),
    ...(orgId !== undefined && { expectedOrgId: orgId }),
  }
  const login = loginHostOf(kit, connect, { typed: options.loginHost, known: known?.login })
  return authorize(
    { kit, exchange },
    { client: connect.client, login, scope: connect.config.scope, connect: attempt },
    options,
  )
}

/** @throws {ConfigError} when the app stores no connections. */
export function requireConnectKit({ connect }: Kit): ConnectKit {
  if (connect !== undefined) return connect
  const hint = 'Set it: salesforceAuth({ connect: { store } }, { owner }).'
  throw new ConfigError([{ option: 'connect', problem: 'is missing, so no connections are stored', hint }])
}

/** The owner's connection that is to be reconnected. Whatever belongs to somebody else does not exist. */
async function existing(
  { records }: ConnectKit,
  owner: string,
  { reconnect, alias }: ConnectOrgOptions,
): Promise<ConnectionRecord | undefined> {
  if (reconnect === undefined && alias === undefined) return undefined
  const own = await records.of(owner)
  if (reconnect === undefined) return own.find((record) => record.alias === alias)
  const known = own.find(({ id }) => id === reconnect)
  if (known === undefined) throw connectionNotFound()
  requireFreeAlias(alias, own, known)
  return known
}

interface WantedHost {
  readonly typed: string | undefined
  readonly known: LoginHost | undefined
}

function loginHostOf({ config }: Kit, connect: ConnectKit, { typed, known }: WantedHost): LoginHost {
  if (typed === undefined || typed.trim() === '') return known ?? connect.config.login ?? config.login
  const { trustedHosts, baseUrl } = config
  const host = parseTypedLoginHost(typed, { trustedHosts, local: isLocalHost(baseUrl.hostname) })
  if (host !== undefined) return host
  throw new ConnectionError(
    'connection/login-host',
    "This is neither an org's My Domain nor one of the other login hosts.",
    {
      hint: 'Write production, sandbox, or the My Domain as Setup shows it: acme.my.salesforce.com, where acme is also the first part of an address of Lightning. The app has to list custom domains in trustedHosts.',
    },
  )
}

function requireOrgId(value: string): string {
  const id = value.startsWith('00D') ? toId18(value) : undefined
  if (id !== undefined) return id
  throw new ConfigError([
    {
      option: 'expectedOrgId',
      problem: 'is not an org id',
      hint: 'An org id begins with 00D and has 18 characters: Setup › Company Information.',
    },
  ])
}
