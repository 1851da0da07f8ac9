import type { TokenSet } from '../oauth/token-set.ts'

/** How to learn the end of a token that does not tell it. */
export interface ExpiryPolicy {
  /** Asks Salesforce once per token, at the cost of a request. */
  introspect?: (accessToken: string) => Promise<number | undefined>
  /** The session timeout set in Salesforce. Milliseconds. */
  sessionTimeout?: number
}

const LONGEST_MARGIN = 60_000

/** Completes what a token answer says about its end: its own word first, then introspection, then the configured timeout. */
export async function withExpiry<T extends TokenSet>(tokens: T, policy: ExpiryPolicy, now: number): Promise<T> {
  if (tokens.expiresAt !== undefined) return tokens
  // Not knowing the end is no reason to fail: the token is then used until it is refused.
  const introspected = await policy.introspect?.(tokens.accessToken).catch(() => undefined)
  // One that is over already tells of clocks that differ.
  if (introspected !== undefined && introspected > now)
    return { ...tokens, expiresAt: introspected, expirySource: 'introspection' }
  if (policy.sessionTimeout === undefined) return tokens
  return { ...tokens, expiresAt: now + policy.sessionTimeout, expirySource: 'session-timeout' }
}

/** Whether a token should be renewed before use: in the last minute of its life, or the last tenth of a short one. */
export function isDue(tokens: Pick<TokenSet, 'expiresAt' | 'issuedAt'>, now: number): boolean {
  const { expiresAt, issuedAt } = tokens
  if (expiresAt === undefined) return false
  const life = issuedAt === undefined ? Infinity : expiresAt - issuedAt
  return expiresAt - Math.min(LONGEST_MARGIN, Math.max(0, life / 10)) <= now
}

/**
 * When to renew a token that nobody waits for: in the last minutes of its life, or the last fifth of a short one, at a
 * random moment, so that processes that began together do not log in together. Epoch milliseconds.
 */
export function renewalTime({ expiresAt = Infinity }: Pick<TokenSet, 'expiresAt'>, now: number): number {
  const margin = Math.min(LONGEST_MARGIN, Math.max(0, (expiresAt - now) / 10))
  return expiresAt - margin * (1 + Math.random())
}
