import type { JWK } from 'jose'
import type { KeySource } from '../net/jwks.ts'
import { refuse, verifyLocally } from './local-jwt.ts'

export interface AssetTokenExpectation {
  /** The My Domain or site that issued it: `https://acme.my.salesforce.com`. Only its keys count. */
  issuer: string
  /** One of the audiences set for asset tokens on the app. */
  audience: string
  /** From `openKeySource()`; share one, it holds the keys. */
  keys: KeySource
  /** Epoch milliseconds. @default Date.now */
  now?: () => number
}

/** What a verified asset token says of a device. */
export interface AssetTokenClaims {
  readonly deviceId?: string
  /** The device's public key alone, when the actor token had one. Ask for a proof made with it: a token can be copied. */
  readonly deviceKey?: JWK
  /** Epoch milliseconds. */
  readonly expiresAt: number
  /** Custom attributes and permissions stand here too. */
  readonly raw: Readonly<Record<string, unknown>>
}

/**
 * Verifies an asset token with the org's keys: RS256, issuer, audience and end, with 30 seconds of tolerance. Give the
 * app an audience that nothing else uses, so that no other token of the org can pass for one.
 *
 * @throws {TokenError} `token/asset-token-invalid`, `-expired`, `-issuer` or `-audience`, each with status 401.
 * @throws {TransportError} when the keys cannot be fetched.
 * @throws {ConfigError} `config/invalid` when the issuer is not an https address.
 * @see https://help.salesforce.com/s/articleView?id=platform.remoteaccess_asset_token_using_validating.htm
 */
export async function verifyAssetToken(token: string, expected: AssetTokenExpectation): Promise<AssetTokenClaims> {
  const { issuer, audience, keys, now = Date.now } = expected
  const what = 'asset-token'
  const { claims, header } = await verifyLocally(token, { what, issuers: [issuer], audience, keys, now: now() })
  if (header['tty'] !== undefined) throw refuse(what, 'invalid')
  const { did, cnf, exp } = claims
  const deviceKey = isMembers(cnf) ? publicHalf(cnf['jwk']) : undefined
  return {
    expiresAt: Number(exp) * 1000,
    raw: claims,
    ...(typeof did === 'string' && { deviceId: did }),
    ...(deviceKey !== undefined && { deviceKey }),
  }
}

const PUBLIC_MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'alg', 'use'] as const

// Copied by name: a device may have shown its private half too, or addresses that tempt a library to fetch.
function publicHalf(jwk: unknown): JWK | undefined {
  if (!isMembers(jwk) || typeof jwk['kty'] !== 'string' || jwk['kty'] === 'oct') return undefined
  const known = PUBLIC_MEMBERS.filter((name) => typeof jwk[name] === 'string')
  return Object.fromEntries(known.map((name) => [name, jwk[name]])) as JWK
}

function isMembers(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
