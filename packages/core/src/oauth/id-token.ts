import { base64url, errors, jwtVerify } from 'jose'
import type { JWTPayload } from 'jose'
import { sameSecret } from '../crypto/pkce.ts'
import { TokenError, TransportError } from '../errors/errors.ts'
import type { KeySource } from '../net/jwks.ts'
import { endpointsOf } from '../org/endpoints.ts'
import type { LoginHost } from '../org/hosts.ts'
import { parseIdentityUrl } from '../org/ids.ts'
import type { TokenSet } from './token-set.ts'

export interface IdTokenExpectation {
  /** The host that answered the tokens: its keys count, and it may be the issuer. */
  readonly login: LoginHost
  /** The host the login was started on. */
  readonly pinned: LoginHost
  readonly clientId: string
  readonly nonce: string
  readonly keys: KeySource
  /** Epoch milliseconds. */
  readonly now: number
}

/** Salesforce's ID tokens live two minutes; this much difference between two clocks is forgiven. Seconds. */
const CLOCK_TOLERANCE = 60

/**
 * Verifies the ID token of a code exchange: signature with the keys of the pinned login host, issuer, audience,
 * nonce, times, `at_hash`, and that it names the same org and user as the token answer.
 * @throws {TokenError} `token/id-token-*`
 * @throws {TransportError} when the keys cannot be fetched.
 * @see OpenID Connect Core §3.1.3.7
 */
export async function verifyIdToken(tokens: TokenSet, expected: IdTokenExpectation): Promise<JWTPayload> {
  if (tokens.idToken === undefined) {
    throw new TokenError('token/id-token-missing', 'The scope openid was granted, but no ID token came.', {
      hint: 'Add the scope openid to the app, or take it out of the scope option.',
    })
  }
  const claims = await verifyJwt(tokens.idToken, expected)
  const issuers = [expected.login.base, expected.pinned.base, tokens.instanceUrl, tokens.community?.base]
  if (typeof claims.iss !== 'string' || !issuers.includes(claims.iss)) {
    throw new TokenError(
      'token/id-token-issuer',
      'The ID token was issued by a host that took no part in this login.',
      {
        hint: "Set the login URL to the org's My Domain instead of login.salesforce.com.",
      },
    )
  }
  // Salesforce joins several audiences with commas in one text.
  const audiences = [claims.aud]
    .flat()
    .flatMap((audience) => (typeof audience === 'string' ? audience.split(/\s*,\s*/) : []))
  if (!audiences.includes(expected.clientId)) throw invalid('token/id-token-audience', 'was issued to another app')
  if (typeof claims['nonce'] !== 'string' || !sameSecret(claims['nonce'], expected.nonce)) {
    throw invalid('token/id-token-nonce', 'belongs to another login')
  }
  const { at_hash: hash } = claims
  if (hash !== undefined && hash !== (await accessTokenHash(tokens.accessToken))) {
    throw invalid('token/id-token-invalid', 'does not belong to the access token')
  }
  const subject = parseIdentityUrl(claims.sub ?? '')
  const { identity } = tokens
  if (subject === undefined || subject.orgId !== identity?.orgId || subject.userId !== identity.userId) {
    throw invalid('token/id-token-subject', 'names another user than the token answer')
  }
  return claims
}

function invalid(code: TokenError['code'] & `token/${string}`, what: string): TokenError {
  return new TokenError(code, `The ID token ${what}.`, { hint: 'Start the login again.' })
}

async function verifyJwt(idToken: string, { keys, pinned, now }: IdTokenExpectation): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(idToken, keys(endpointsOf(pinned.base).keys), {
      algorithms: ['RS256'],
      clockTolerance: CLOCK_TOLERANCE,
      currentDate: new Date(now),
      requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
    })
    return payload
  } catch (cause) {
    if (cause instanceof TransportError) throw cause
    if (cause instanceof errors.JWTExpired) {
      throw new TokenError('token/id-token-expired', 'The ID token had expired when it arrived.', {
        cause,
        hint: "It lives two minutes: set this server's clock by NTP.",
      })
    }
    if (cause instanceof errors.JWTClaimValidationFailed) {
      throw invalid('token/id-token-invalid', `has no usable claim ${cause.claim}`)
    }
    throw new TokenError('token/id-token-invalid', 'The ID token is not signed by a key of the login host.', {
      cause,
      hint: 'Start the login again. If it stays so, check that no proxy answers in place of Salesforce.',
    })
  }
}

async function accessTokenHash(accessToken: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(accessToken))
  return base64url.encode(new Uint8Array(digest).subarray(0, 16))
}
