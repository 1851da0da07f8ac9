import { holdTokens } from '../connection/held-tokens.ts'
import type { HeldTokens } from '../connection/held-tokens.ts'
import type { LoginHost, LoginHostKind } from '../org/hosts.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json }
/** A small record of the host app's own, kept with the session. */
export type SessionData = Readonly<Record<string, Json>>

/** How long sessions live. Milliseconds. */
export interface SessionLimits {
  /** Without any request. */
  readonly idle: number
  /** In all. */
  readonly absolute: number
  /** Whether requests prolong the session, up to the absolute limit. */
  readonly rolling: boolean
}

/** Everything a session consists of. It is sealed as a whole, limits included, so that each session keeps the rules it began with. */
export interface SessionRecord {
  readonly sid: string
  readonly login: LoginHost
  readonly tokens: HeldTokens
  /** How often the tokens were renewed: tells the newer of two copies. */
  readonly renewals: number
  readonly spendStartedAt?: number
  readonly createdAt: number
  readonly seenAt: number
  readonly limits: SessionLimits
  readonly data: SessionData
  /** How often the data was saved. */
  readonly revision: number
}

/** What the host app sees of a session. It holds no token. */
export interface Session {
  /** Stable for the life of the session, new at every login. */
  readonly id: string
  readonly orgId: string
  readonly userId: string
  readonly instanceUrl: string
  readonly scope: readonly string[]
  /** Epoch milliseconds, as all of these. */
  readonly createdAt: number
  /** When the session ends unless it is used. */
  readonly idleEndsAt: number
  /** When the session ends in any case. */
  readonly endsAt: number
  /** When the access token ends, if that is known. */
  readonly tokenExpiresAt?: number
  readonly tokenExpirySource: HeldTokens['expirySource']
  readonly data: SessionData
}

export function viewSession(record: SessionRecord): Session {
  const { sid, tokens, createdAt, seenAt, limits, data } = record
  const endsAt = createdAt + limits.absolute
  return Object.freeze({
    id: sid,
    orgId: tokens.identity.orgId,
    userId: tokens.identity.userId,
    instanceUrl: tokens.instanceUrl,
    scope: tokens.scope ?? [],
    createdAt,
    idleEndsAt: Math.min(seenAt + limits.idle, endsAt),
    endsAt,
    ...(tokens.expiresAt !== undefined && { tokenExpiresAt: tokens.expiresAt }),
    tokenExpirySource: tokens.expirySource,
    data,
  })
}

export type SessionChange = Partial<Pick<SessionRecord, 'data' | 'seenAt'>>

export function changeSession(record: SessionRecord, change: SessionChange): SessionRecord {
  return Object.freeze({ ...record, ...change, revision: record.revision + (change.data === undefined ? 0 : 1) })
}

/** When the session ends unless it is used. */
export function endsAt({ createdAt, seenAt, limits }: SessionRecord): number {
  return Math.min(createdAt + limits.absolute, seenAt + limits.idle)
}

/** Whether the session has been used for long enough since it was last written that its end should move. */
export function isTouchDue({ seenAt, limits }: SessionRecord, now: number): boolean {
  return limits.rolling && now - seenAt >= limits.idle / 10
}

/** One letter a member: the whole record has to travel in a cookie. */
interface Packed {
  s: string
  o: string
  u: string
  l: string
  k: LoginHostKind
  a: string
  t?: 'DPoP'
  r?: string
  i: string
  p?: string
  g?: string
  b?: number
  e?: number
  f: HeldTokens['expirySource']
  n: number
  m?: number
  c: number
  z: number
  x: [idle: number, absolute: number, rolling: 0 | 1]
  d?: SessionData
  v?: number
}

export function packSession(record: SessionRecord): string {
  const { tokens, login, limits } = record
  const packed: Packed = {
    s: record.sid,
    o: tokens.identity.orgId,
    u: tokens.identity.userId,
    l: login.base,
    k: login.kind,
    a: tokens.accessToken,
    ...(tokens.tokenType === 'DPoP' && { t: 'DPoP' }),
    ...(tokens.refreshToken !== undefined && { r: tokens.refreshToken }),
    i: tokens.instanceUrl,
    ...(tokens.apiInstanceUrl !== undefined && { p: tokens.apiInstanceUrl }),
    ...(tokens.scope !== undefined && { g: tokens.scope.join(' ') }),
    ...(tokens.issuedAt !== undefined && { b: tokens.issuedAt }),
    ...(tokens.expiresAt !== undefined && { e: tokens.expiresAt }),
    f: tokens.expirySource,
    n: record.renewals,
    ...(record.spendStartedAt !== undefined && { m: record.spendStartedAt }),
    c: record.createdAt,
    z: record.seenAt,
    x: [limits.idle, limits.absolute, limits.rolling ? 1 : 0],
    ...(Object.keys(record.data).length > 0 && { d: record.data }),
    ...(record.revision > 0 && { v: record.revision }),
  }
  return JSON.stringify(packed)
}

/** Reads what {@link packSession} wrote. The text comes out of a seal of our own, so its shape is trusted. */
export function unpackSession(text: string): SessionRecord {
  const packed = JSON.parse(text) as Packed
  const [idle, absolute, rolling] = packed.x
  const tokens = holdTokens({
    accessToken: packed.a,
    tokenType: packed.t ?? 'Bearer',
    instanceUrl: packed.i,
    identity: Object.freeze({ orgId: packed.o, userId: packed.u }),
    expirySource: packed.f,
    ...(packed.r !== undefined && { refreshToken: packed.r }),
    ...(packed.g !== undefined && { scope: Object.freeze(packed.g.split(' ').filter(Boolean)) }),
    ...(packed.b !== undefined && { issuedAt: packed.b }),
    ...(packed.e !== undefined && { expiresAt: packed.e }),
    ...(packed.p !== undefined && { apiInstanceUrl: packed.p }),
  })
  return Object.freeze({
    sid: packed.s,
    login: Object.freeze({ kind: packed.k, base: packed.l, origin: new URL(packed.l).origin }),
    tokens,
    renewals: packed.n,
    ...(packed.m !== undefined && { spendStartedAt: packed.m }),
    createdAt: packed.c,
    seenAt: packed.z,
    limits: Object.freeze({ idle, absolute, rolling: rolling === 1 }),
    data: deepFreeze(packed.d ?? {}),
    revision: packed.v ?? 0,
  })
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) deepFreeze(member)
  return Object.freeze(value)
}
