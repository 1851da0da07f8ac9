import { exportJWK, importJWK } from 'jose'
import type { CryptoKey, JWK } from 'jose'

/** A private key together with its public half: a private JWK, or a pair made by WebCrypto. RSA, or EC on P-256. */
export type KeyPair = JWK | { readonly privateKey: CryptoKey; readonly publicKey: CryptoKey }

/** A key pair ready for use. */
export interface SigningPair {
  readonly alg: 'ES256' | 'RS256'
  readonly privateKey: CryptoKey
  /** The public half alone, with its required members only. */
  readonly publicJwk: JWK
}

/**
 * Imports a key pair. Do it once and keep the result.
 * @throws {TypeError} when it is no private key with its public half, of RSA or of EC on P-256.
 */
export async function importKeyPair(pair: KeyPair): Promise<SigningPair> {
  try {
    const { kty, crv, x, y, n, e } = 'privateKey' in pair ? await exportJWK(pair.publicKey) : pair
    const isCurve = kty === 'EC' && crv === 'P-256'
    const publicJwk = isCurve ? { kty, crv, x, y } : { kty, n, e }
    const alg = isCurve ? 'ES256' : 'RS256'
    // Importing the public half proves it complete.
    await importJWK(publicJwk as JWK, alg)
    const privateKey = 'privateKey' in pair ? pair.privateKey : await importPrivate(pair, alg)
    return { alg, privateKey, publicJwk: publicJwk as JWK }
  } catch {
    throw new TypeError('The key is not a private JWK or WebCrypto key pair of RSA or of EC on P-256.')
  }
}

async function importPrivate(jwk: JWK, alg: string): Promise<CryptoKey> {
  const key = (await importJWK(jwk, alg)) as CryptoKey
  if (key.type !== 'private') throw new TypeError('public')
  return key
}
