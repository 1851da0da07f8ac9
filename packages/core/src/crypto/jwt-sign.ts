import { SignJWT } from 'jose'
import type { CryptoKey, JWTPayload } from 'jose'

/**
 * Signs a short-lived RS256 assertion, the only algorithm Salesforce takes for one.
 * @see RFC 7523 §3
 */
export async function signAssertion(key: CryptoKey, claims: JWTPayload): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT' }).sign(key)
}
