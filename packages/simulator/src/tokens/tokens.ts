import { type Approval, endApproval } from '../authorization/approvals.ts'
import { newAccessToken, newRefreshToken } from '../ids.ts'
import type { App, Site, User } from '../state.ts'
import { findApp, findUser, orgOf, type World } from '../world.ts'
import { lastMoment } from './refresh-policy.ts'

export interface AuthorizationCode {
  readonly app: App
  readonly user: User
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly issuedAt: number
  readonly issuer: string
  readonly nonce?: string
  readonly codeChallenge?: string
  readonly dpopThumbprint?: string
  /** The visitor it is issued to, known by an id before by name. */
  readonly uvid?: string
  /** Nobody logged in: it gives a guest's token. */
  readonly isGuest?: boolean
  readonly site?: Site
  used: boolean
}

export interface TokenRecord {
  readonly kind: 'access' | 'refresh'
  readonly value: string
  readonly approval: Approval
  readonly issuedAt: number
  /** Access tokens only: when they die unless used. */
  expiresAt: number
  /** Milliseconds by which use prolongs an access token; 0 for JWTs, which do not slide. */
  readonly slidesBy: number
  lastUsedAt: number
  /** Of the key that every use has to prove; absent for bearer tokens. */
  dpopThumbprint?: string
  /** A session for web pages, which cannot prove a key: never bound, whatever the app demands. */
  readonly forPages?: true
  end?: 'rotated' | 'revoked' | 'expired'
}

export type TokenState = 'active' | 'expired' | 'rotated' | 'revoked' | 'unknown'

const codeLifetime = 15 * 60_000
const deadTokensKept = 2000
const sweepEvery = 1000

export function isCodeExpired(world: World, code: AuthorizationCode): boolean {
  return code.used || world.clock.now() - code.issuedAt > codeLifetime
}

function addToken(
  world: World,
  token: Pick<TokenRecord, 'kind' | 'value' | 'approval' | 'expiresAt' | 'slidesBy' | 'forPages'>,
): TokenRecord {
  const now = world.clock.now()
  const record: TokenRecord = { ...token, issuedAt: now, lastUsedAt: now }
  const { tokens, tokensByApproval } = world.state
  const siblings = tokensByApproval.get(token.approval.id) ?? []
  siblings.push(record)
  tokensByApproval.set(token.approval.id, siblings)
  tokens.set(token.value, record)
  world.state.tokensIssued += 1
  if (world.state.tokensIssued % sweepEvery === 0) forgetDeadTokens(world)
  return record
}

/** Dead tokens are told from unknown ones, but not for ever: a simulator may run for weeks. */
function forgetDeadTokens(world: World): void {
  const { tokens, tokensByApproval } = world.state
  const dead = [...tokens.values()].filter(({ value }) => stateOf(world, value) !== 'active')
  const forgotten = new Set(dead.slice(0, -deadTokensKept))
  for (const { value } of forgotten) tokens.delete(value)
  for (const id of new Set([...forgotten].map(({ approval }) => approval.id))) {
    const rest = tokensByApproval.get(id)?.filter((token) => !forgotten.has(token)) ?? []
    if (rest.length > 0) tokensByApproval.set(id, rest)
    else tokensByApproval.delete(id)
  }
}

export function addOpaqueToken(
  world: World,
  approval: Approval,
  options: Pick<TokenRecord, 'forPages'> = {},
): TokenRecord {
  const timeout = findApp(world, approval.clientId)?.sessionTimeout ?? orgOf(world, approval).sessionTimeout
  return addToken(world, {
    kind: 'access',
    value: newAccessToken(approval.orgId),
    approval,
    expiresAt: world.clock.now() + timeout,
    slidesBy: timeout,
    ...options,
  })
}

export function addJwtToken(world: World, approval: Approval, jwt: { value: string; expiresAt: number }): TokenRecord {
  return addToken(world, { kind: 'access', approval, slidesBy: 0, ...jwt })
}

export function addRefreshToken(world: World, approval: Approval): TokenRecord {
  return addToken(world, {
    kind: 'refresh',
    value: newRefreshToken(),
    approval,
    expiresAt: Number.POSITIVE_INFINITY,
    slidesBy: 0,
  })
}

export function stateOf(world: World, value: string): TokenState {
  const token = world.state.tokens.get(value)
  if (!token) return 'unknown'
  if (token.end) return token.end
  const now = world.clock.now()
  if (token.kind === 'access') return token.expiresAt <= now ? 'expired' : 'active'
  const app = findApp(world, token.approval.clientId)
  return app && lastMoment(app.refreshTokenPolicy, token) <= now ? 'expired' : 'active'
}

/** The live token of that value, if its owner may still come in. */
export function findLive(world: World, value: string): { token: TokenRecord; user: User } | undefined {
  const token = world.state.tokens.get(value)
  const user = token && findUser(world, token.approval.userId)
  return token && user?.active && stateOf(world, value) === 'active' ? { token, user } : undefined
}

/** A use in the second half of an opaque token's life prolongs it. */
export function slide(world: World, token: TokenRecord): void {
  const now = world.clock.now()
  token.lastUsedAt = now
  if (token.expiresAt - now < token.slidesBy / 2) token.expiresAt = now + token.slidesBy
}

/** A refresh token takes its whole authorization with it, an access token only itself. */
export function revoke(world: World, token: TokenRecord): void {
  if (token.kind === 'refresh') endApproval(world, token.approval.id)
  else token.end = 'revoked'
}

export function expireAccessTokens(world: World, username?: string): void {
  for (const token of world.state.tokens.values()) {
    const isMeant = username === undefined || token.approval.username === username
    if (token.kind === 'access' && isMeant) token.end ??= 'expired'
  }
}
