import { createPublicKey, type KeyObject } from 'node:crypto'

/** PEM of an X.509 certificate or of a public key, or a public JWK. */
export type AppCertificate = string | PublicJwk

export interface PublicJwk {
  readonly kty?: string
  readonly n?: string
  readonly e?: string
}

export function publicKeyOf(certificate: AppCertificate): KeyObject {
  if (typeof certificate === 'string') return createPublicKey(certificate)
  const { kty = '', n = '', e = '' } = certificate
  return createPublicKey({ key: { kty, n, e }, format: 'jwk' })
}

/** Whether a value of a seed is an RSA key that may be shown to anybody. */
export function isAppCertificate(value: unknown): value is AppCertificate {
  if (typeof value === 'string' ? value.includes('PRIVATE KEY') : !isObject(value) || 'd' in value) return false
  try {
    return publicKeyOf(value as AppCertificate).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
