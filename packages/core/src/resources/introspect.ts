import { unusableAnswer } from '../net/unusable-answer.ts'
import { parseMembers, readRefusal } from '../oauth/answer.ts'
import type { Members } from '../oauth/answer.ts'
import type { Client } from '../oauth/client.ts'
import { endpointsOf } from '../org/endpoints.ts'
import { parseIdentityUrl } from '../org/ids.ts'
import type { Identity } from '../org/ids.ts'

/** What Salesforce says of a token. Times are epoch milliseconds. */
export type Introspection =
  | { readonly active: false }
  | {
      readonly active: true
      readonly clientId?: string
      readonly username?: string
      readonly identity?: Identity
      readonly scope: readonly string[]
      readonly tokenType?: string
      readonly expiresAt?: number
      readonly issuedAt?: number
    }

export interface IntrospectOptions {
  tokenTypeHint?: 'access_token' | 'refresh_token'
}

/**
 * Asks Salesforce about one of this app's tokens. A live token of another app is reported inactive as well.
 *
 * @throws {OAuthError} when the client itself is refused.
 * @throws {TransportError} `net/*`; safe to repeat.
 * @see RFC 7662
 */
export async function introspectToken(
  { client, base }: { client: Client; base: string },
  token: string,
  options: IntrospectOptions = {},
): Promise<Introspection> {
  const { introspect: url, token: audience } = endpointsOf(base)
  const body = new URLSearchParams({ token, token_type_hint: options.tokenTypeHint ?? 'access_token' })
  const headers = new Headers({ accept: 'application/json' })
  await client.authenticate({ clientId: client.clientId, audience, body, headers, now: client.now() })
  const answer = await client.http.send(url, { method: 'POST', headers, body })
  const members = parseMembers(answer.text) ?? {}
  if (answer.status === 200 && typeof members['active'] === 'boolean') return decode(members)
  throw readRefusal(members, answer) ?? unusableAnswer(new URL(url).host, answer.status)
}

function decode(members: Members): Introspection {
  if (members['active'] !== true) return { active: false }
  const { client_id: clientId, username, sub, scope, token_type: tokenType, exp, iat } = members
  const identity = typeof sub === 'string' ? parseIdentityUrl(sub) : undefined
  return {
    active: true,
    scope: typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [],
    ...(typeof clientId === 'string' && { clientId }),
    ...(typeof username === 'string' && { username }),
    ...(identity !== undefined && { identity }),
    ...(typeof tokenType === 'string' && { tokenType }),
    ...(isTime(exp) && { expiresAt: exp * 1000 }),
    ...(isTime(iat) && { issuedAt: iat * 1000 }),
  }
}

/** Seconds that a date can hold: JSON also writes numbers that are infinite, which no session could keep. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(new Date(value * 1000).getTime())
}
