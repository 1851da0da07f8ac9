import type { KeySource } from '../net/jwks.ts'
import { toId18 } from '../org/ids.ts'
import { refuse, verifyLocally } from './local-jwt.ts'

export interface AccessTokenExpectation {
  /** My Domains or sites whose tokens may come in: `https://acme.my.salesforce.com`. Nothing else is ever asked. */
  issuers: readonly string[]
  /** @default the issuer, which is what Salesforce puts there */
  audience?: string
  /** From `openKeySource()`; share one, it holds the keys. */
  keys: KeySource
  /** Epoch milliseconds. @default Date.now */
  now?: () => number
}

/** What a verified JWT access token says. */
export interface AccessTokenClaims {
  readonly issuer: string
  readonly orgId: string
  /** Absent when the subject is no user. */
  readonly userId?: string
  /** The app that the token was issued to. */
  readonly clientId?: string
  readonly scope: readonly string[]
  /** Epoch milliseconds. */
  readonly expiresAt: number
  /** Epoch milliseconds. */
  readonly issuedAt?: number
  readonly raw: Readonly<Record<string, unknown>>
}

const KEY_FAMILY = /^CORE_ATJWT\.(00D[A-Za-z0-9]{12})\./

/**
 * Verifies a JWT access token of Salesforce without asking Salesforce: RS256 by an org key of the issuer, kind of
 * token, issuer, audience and end, with 30 seconds of tolerance. A token revoked early still passes until its end,
 * and opaque access tokens cannot be checked so.
 *
 * @throws {TokenError} `token/access-token-invalid`, `-expired`, `-issuer` or `-audience`, each with status 401.
 * @throws {TransportError} when the keys cannot be fetched.
 * @throws {ConfigError} `config/invalid` when an issuer is not an https address.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.jwt_access_tokens.htm
 */
export async function verifyAccessToken(token: string, expected: AccessTokenExpectation): Promise<AccessTokenClaims> {
  const { issuers, audience, keys, now = Date.now } = expected
  const what = 'access-token'
  const { claims, header, issuer } = await verifyLocally(token, { what, issuers, audience, keys, now: now() })
  const orgId = toId18(KEY_FAMILY.exec(header.kid ?? '')?.[1] ?? '')
  // The release keys of the same key set sign ID tokens.
  if (orgId === undefined || header['tty'] !== 'sfdc-core-token' || !isTenant(header['tnk'], orgId)) {
    throw refuse(what, 'invalid')
  }
  const { sub = '', scp, client_id: clientId, exp, iat } = claims
  const userId = toId18(/^uid:(005[A-Za-z0-9]+)$/.exec(sub)?.[1] ?? '')
  return {
    issuer,
    orgId,
    scope: [scp].flat().flatMap((names) => (typeof names === 'string' ? names.split(' ').filter(Boolean) : [])),
    expiresAt: Number(exp) * 1000,
    raw: claims,
    ...(userId !== undefined && { userId }),
    ...(typeof clientId === 'string' && { clientId }),
    ...(iat !== undefined && { issuedAt: iat * 1000 }),
  }
}

/** `core/<pod>/<org>`; where it stands it must name the org of the key. */
function isTenant(value: unknown, orgId: string): boolean {
  return value === undefined || (typeof value === 'string' && toId18(value.split('/').at(-1) ?? '') === orgId)
}
