import { base64url, importJWK, importPKCS8, SignJWT } from 'jose'
import type { CryptoKey, JWK, JWTPayload } from 'jose'
import { ConfigError } from '../errors/errors.ts'

/** An RSA private key: a PEM text (`BEGIN PRIVATE KEY` or `BEGIN RSA PRIVATE KEY`), a JWK, or an imported key. */
export type PrivateKey = string | JWK | CryptoKey

/**
 * Signs a short-lived RS256 assertion, the only algorithm Salesforce takes for one.
 * @see RFC 7523 §3
 */
export async function signAssertion(key: CryptoKey, claims: JWTPayload): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT' }).sign(key)
}

/**
 * Imports a private key for RS256. Do it once and keep the result: it costs far more than a signature.
 * @throws {ConfigError} `config/invalid` when the key is not an unencrypted RSA private key of at least 2048 bits.
 */
export async function importPrivateKey(key: PrivateKey): Promise<CryptoKey> {
  const imported = await readKey(key).catch(() => undefined)
  const { name, modulusLength = 0 } = (imported?.algorithm ?? {}) as { name?: string; modulusLength?: number }
  if (imported?.type === 'private' && name === 'RSASSA-PKCS1-v1_5' && modulusLength >= 2048) return imported
  throw new ConfigError([
    {
      option: 'privateKey',
      problem: 'is not an unencrypted RSA private key that can sign',
      hint: 'Give the key that belongs to the app’s certificate, of 2048 bits or more: PEM (PKCS#8 or PKCS#1) or a JWK.',
    },
  ])
}

async function readKey(key: PrivateKey): Promise<CryptoKey> {
  if (typeof key === 'string') return importPKCS8(toPkcs8(key.replaceAll('\\n', '\n').trim()), 'RS256')
  return 'kty' in key ? ((await importJWK(key, 'RS256')) as CryptoKey) : (key as CryptoKey)
}

const PKCS1 = /^-----BEGIN RSA PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END RSA PRIVATE KEY-----$/
// SEQUENCE { INTEGER 0, SEQUENCE { OID rsaEncryption, NULL }, OCTET STRING … }: what PKCS#8 puts around PKCS#1.
const VERSION_AND_ALGORITHM = [2, 1, 0, 48, 13, 6, 9, 42, 134, 72, 134, 247, 13, 1, 1, 1, 5, 0]

function toPkcs8(pem: string): string {
  const body = PKCS1.exec(pem)?.[1]
  if (body === undefined) return pem
  const pkcs1 = base64url.decode(
    body
      .replace(/[\s=]+/g, '')
      .replaceAll('+', '-')
      .replaceAll('/', '_'),
  )
  const inner = [...VERSION_AND_ALGORITHM, 4, ...derLength(pkcs1.length), ...pkcs1]
  const der = Uint8Array.from([48, ...derLength(inner.length), ...inner])
  const text = base64url.encode(der).replaceAll('-', '+').replaceAll('_', '/')
  return `-----BEGIN PRIVATE KEY-----\n${text.padEnd(Math.ceil(text.length / 4) * 4, '=')}\n-----END PRIVATE KEY-----`
}

function derLength(length: number): number[] {
  if (length < 128) return [length]
  return length < 256 ? [129, length] : [130, length >> 8, length & 255]
}
