import { ConfigError, TokenError } from '../errors/errors.ts'
import type { KeySource } from '../net/jwks.ts'
import { toId18 } from '../org/ids.ts'
import { refuse, verifyLocally } from './local-jwt.ts'

export interface AccessTokenExpectation {
  /** My Domains or sites whose tokens may come in: `https://acme.my.salesforce.com`. Nothing else is ever asked. */
  issuers: readonly string[]
  /** Consumer Keys of the apps whose tokens may come in; all apps of an org share issuer, audience and keys. */
  clientIds: readonly string[]
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
  /** Absent when the subject is no user: then the token stands for no person, and must not be taken for one. */
  readonly userId?: string
  /** The app that the token was issued to: one of those expected. */
  readonly clientId: string
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
 * token, issuer, audience, app and end, with 30 seconds of tolerance. A token revoked early still passes until its end,
 * and opaque access tokens cannot be checked so. Without a `userId` the token speaks for nobody: refuse it where you
 * expect a person.
 *
 * @throws {TokenError} `token/access-token-invalid`, `-expired`, `-issuer` or `-audience` (which an app that is not
 *   listed is too), each with status 401.
 * @throws {TransportError} when the keys cannot be fetched.
 * @throws {ConfigError} `config/invalid` when an issuer is not an https address, or no client id is given.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.jwt_access_tokens.htm
 */
export async function verifyAccessToken(token: string, expected: AccessTokenExpectation): Promise<AccessTokenClaims> {
  const { issuers, clientIds, audience, keys, now = Date.now } = expected
  const what = 'access-token'
  requireClientIds(clientIds)
  const { claims, header, issuer } = await verifyLocally(token, { what, issuers, audience, keys, now: now() })
  const orgId = toId18(KEY_FAMILY.exec(header.kid ?? '')?.[1] ?? '')
  // The release keys of the same key set sign ID tokens.
  if (orgId === undefined || header['tty'] !== 'sfdc-core-token' || !isTenant(header['tnk'], orgId)) {
    throw refuse(what, 'invalid')
  }
  const { sub = '', scp, client_id: clientId, exp, iat } = claims
  if (typeof clientId !== 'string' || !clientIds.includes(clientId)) throw foreignApp()
  const userId = toId18(/^uid:(005[A-Za-z0-9]+)$/.exec(sub)?.[1] ?? '')
  return {
    issuer,
    orgId,
    clientId,
    scope: [scp].flat().flatMap((names) => (typeof names === 'string' ? names.split(' ').filter(Boolean) : [])),
    expiresAt: Number(exp) * 1000,
    raw: claims,
    ...(userId !== undefined && { userId }),
    ...(iat !== undefined && { issuedAt: iat * 1000 }),
  }
}

/** `core/<pod>/<org>`; where it stands it must name the org of the key. */
function isTenant(value: unknown, orgId: string): boolean {
  return value === undefined || (typeof value === 'string' && toId18(value.split('/').at(-1) ?? '') === orgId)
}

// A text would do as a list, and accept every part of itself.
function requireClientIds(value: unknown): void {
  if (Array.isArray(value) && value.length > 0 && value.every((id) => typeof id === 'string' && id !== '')) return
  const hint = 'List the Consumer Keys of the apps that may call you. Any app of an org gets tokens for its users.'
  throw new ConfigError([{ option: 'clientIds', problem: 'is not a list of Consumer Keys', hint }])
}

function foreignApp(): TokenError {
  return new TokenError('token/access-token-audience', 'The access token was issued to an app that is not expected.', {
    hint: 'Add its Consumer Key to clientIds if that app may call you.',
  })
}
