import type { LoginHost, LoginHostKind } from '../org/hosts.ts'
import { holdTokens } from './held-tokens.ts'
import type { HeldTokens } from './held-tokens.ts'

/** Why a connection has to be reconnected. */
export interface DeadGrant {
  /** The code of the error that said so. */
  readonly code: string
  readonly message: string
  /** Epoch milliseconds. */
  readonly at: number
}

/** Everything that is kept of a connection. */
export interface ConnectionRecord {
  readonly id: string
  /** Who made it, in the words of the host app. */
  readonly owner: string
  /** What the owner calls it: no two of an owner's connections have the same. */
  readonly alias?: string
  /** When it was made the owner's default; the newest one counts. Epoch milliseconds, as all of these. */
  readonly defaultAt?: number
  /** The Consumer Key that the grant was made with. */
  readonly clientId: string
  readonly login: LoginHost
  readonly tokens: HeldTokens
  /** When the refresh token was last sent off without an answer so far. */
  readonly spendStartedAt?: number
  readonly createdAt: number
  /** When a person last connected it. */
  readonly connectedAt: number
  /** When its tokens were last renewed. */
  readonly renewedAt: number
  readonly dead?: DeadGrant
}

/** What the host app sees of a connection. It holds no token. */
export interface ConnectionInfo extends Pick<
  ConnectionRecord,
  'id' | 'owner' | 'alias' | 'clientId' | 'createdAt' | 'connectedAt' | 'renewedAt'
> {
  readonly orgId: string
  readonly userId: string
  readonly instanceUrl: string
  /** Where its grant was made. */
  readonly loginUrl: string
  readonly scope: readonly string[]
  /** `needs-reconnect` when Salesforce has ended the grant: only a person can bring it back. */
  readonly status: 'connected' | 'needs-reconnect'
  /** Why it needs to be reconnected. */
  readonly reason?: DeadGrant
}

export function describeConnection(record: ConnectionRecord): ConnectionInfo {
  const { id, owner, alias, clientId, login, tokens, createdAt, connectedAt, renewedAt, dead } = record
  return Object.freeze({
    id,
    owner,
    ...(alias !== undefined && { alias }),
    clientId,
    orgId: tokens.identity.orgId,
    userId: tokens.identity.userId,
    instanceUrl: tokens.instanceUrl,
    loginUrl: login.base,
    scope: tokens.scope ?? [],
    createdAt,
    connectedAt,
    renewedAt,
    status: dead === undefined ? 'connected' : 'needs-reconnect',
    ...(dead !== undefined && { reason: dead }),
  })
}

/** How records are written. A member is never renamed or given another meaning: old records are read for ever. */
interface Packed extends Omit<ConnectionRecord, 'login'> {
  readonly login: { readonly kind: LoginHostKind; readonly base: string }
}

export function packConnection({ login: { kind, base }, ...rest }: ConnectionRecord): string {
  const packed: Packed = { ...rest, login: { kind, base } }
  return JSON.stringify(packed)
}

/** Reads what {@link packConnection} wrote. The text comes out of a seal of our own, so its shape is trusted. */
export function unpackConnection(text: string): ConnectionRecord {
  const { login, tokens, ...rest } = JSON.parse(text) as Packed
  const { kind, base } = login
  return Object.freeze({
    ...rest,
    login: Object.freeze({ kind, base, origin: new URL(base).origin }),
    tokens: holdTokens({ ...tokens, identity: Object.freeze(tokens.identity) }),
  })
}
