import { decodeJwt, errors, jwtVerify } from 'jose'
import type { JWTPayload, ProtectedHeaderParameters } from 'jose'
import { ConfigError, TokenError, TransportError } from '../errors/errors.ts'
import type { KeySource } from '../net/jwks.ts'
import { endpointsOf } from '../org/endpoints.ts'
import { isLocalHost } from '../org/local.ts'

export interface LocalJwtExpectation {
  readonly what: 'access-token' | 'asset-token'
  /** Bases of login hosts; only their keys count, and no address out of a token is ever called. */
  readonly issuers: readonly string[]
  /** @default the issuer itself */
  readonly audience?: string | undefined
  readonly keys: KeySource
  /** Epoch milliseconds. */
  readonly now: number
}

export interface LocalJwt {
  readonly claims: JWTPayload
  readonly header: ProtectedHeaderParameters
  readonly issuer: string
}

/** How far two clocks may differ. Seconds. */
const CLOCK_TOLERANCE = 30

/** Verifies an RS256 token of Salesforce with the keys of the issuer it names, which has to be one of those expected. */
export async function verifyLocally(token: string, expected: LocalJwtExpectation): Promise<LocalJwt> {
  const { what, keys, now } = expected
  const issuers = expected.issuers.map(checkIssuer)
  const issuer = claimedIssuer(token, what)
  if (issuer === undefined || !issuers.includes(issuer)) throw refuse(what, 'issuer')
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys(endpointsOf(issuer).keys), {
      algorithms: ['RS256'],
      issuer,
      audience: expected.audience ?? issuer,
      clockTolerance: CLOCK_TOLERANCE,
      currentDate: new Date(now),
      requiredClaims: ['exp'],
    })
    return { claims: payload, header: protectedHeader, issuer }
  } catch (cause) {
    if (cause instanceof TransportError) throw cause
    if (cause instanceof errors.JWTExpired) throw refuse(what, 'expired', cause)
    const isAudience = cause instanceof errors.JWTClaimValidationFailed && cause.claim === 'aud'
    throw refuse(what, isAudience ? 'audience' : 'invalid', cause)
  }
}

const FAULTS = {
  invalid: ['is no such token of this issuer, or its signature is wrong', 'Ask the caller for a fresh one.'],
  expired: ['has expired', 'Ask the caller for a fresh one; if all have expired, set this clock by NTP.'],
  issuer: ['names an issuer that is not expected here', "Add the org's My Domain to the issuers if it may come in."],
  audience: ['is meant for somebody else', 'Set the audience to what the app in Salesforce puts into its tokens.'],
} as const

/** The error for a token that was shown to us. It never repeats anything of the token. */
export function refuse(what: LocalJwtExpectation['what'], fault: keyof typeof FAULTS, cause?: unknown): TokenError {
  const [problem, hint] = FAULTS[fault]
  return new TokenError(`token/${what}-${fault}`, `The ${what.replace('-', ' ')} ${problem}.`, { hint, cause })
}

function claimedIssuer(token: string, what: LocalJwtExpectation['what']): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch (cause) {
    throw refuse(what, 'invalid', cause)
  }
}

function checkIssuer(issuer: string): string {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocalHost(url.hostname))) {
    return issuer.replace(/\/+$/, '')
  }
  const hint = "Write the org's My Domain or site: https://<name>.my.salesforce.com."
  throw new ConfigError([{ option: 'issuers', problem: 'contains something that is not an https address', hint }])
}
