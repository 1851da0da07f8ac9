import { base64url, importJWK, importPKCS8 } from 'jose'
import type { CryptoKey, JWK } from 'jose'
import { ConfigError } from '../errors/errors.ts'
import type { ConfigFault } from '../errors/errors.ts'

/** An RSA private key: a PEM text (`BEGIN PRIVATE KEY` or `BEGIN RSA PRIVATE KEY`), a JWK, or an imported key. */
export type PrivateKey = string | JWK | CryptoKey

/**
 * Imports a private key for RS256. Do it once and keep the result: it costs far more than a signature.
 * @throws {ConfigError} `config/invalid` when the key is not an unencrypted RSA private key of at least 2048 bits.
 */
export async function importPrivateKey(key: PrivateKey): Promise<CryptoKey> {
  return importKeyOf('key', key)
}

/** As `importPrivateKey`, for a key that came by the name of this option. */
export async function importKeyOf(option: string, key: PrivateKey): Promise<CryptoKey> {
  const [fault] = keyFaults(option, key)
  if (fault !== undefined) throw new ConfigError([fault])
  const imported = await readKey(key).catch(() => {
    throw new ConfigError([faultOf(option, 'cannot be read')])
  })
  const problem = importedProblem(imported)
  if (problem !== undefined) throw new ConfigError([faultOf(option, problem)])
  return imported
}

/** What is wrong with a key as far as its form tells; whether it really can sign shows when it is imported. */
export function keyFaults(option: string, key: unknown): readonly ConfigFault[] {
  const problem = typeof key === 'string' ? textProblem(asLines(key)) : objectProblem(key)
  return problem === undefined ? [] : [faultOf(option, problem)]
}

const NOT_PEM = 'is not a private key in PEM form'
const NOT_RSA = 'is not an RSA key'
const NO_FORM = 'is neither a PEM text, a JWK nor a CryptoKey'
const PUBLIC = 'is a public key'
const CERTIFICATE = 'is a certificate'
const ENCRYPTED = 'is encrypted'

const LABELS: Readonly<Record<string, string | undefined>> = {
  'RSA PRIVATE KEY': undefined,
  'PRIVATE KEY': undefined,
  'ENCRYPTED PRIVATE KEY': ENCRYPTED,
  'EC PRIVATE KEY': NOT_RSA,
  'DSA PRIVATE KEY': NOT_RSA,
  'PUBLIC KEY': PUBLIC,
  'RSA PUBLIC KEY': PUBLIC,
  CERTIFICATE,
}

function textProblem(pem: string): string | undefined {
  if (pem === '') return 'is empty'
  const [head = '', label = ''] = /^-----BEGIN ([A-Z ]+)-----\s*/.exec(pem) ?? []
  if (!Object.hasOwn(LABELS, label)) return NOT_PEM
  const body = pem.slice(head.length)
  if (body.startsWith('Proc-Type: 4,ENCRYPTED')) return ENCRYPTED
  return label === 'PRIVATE KEY' && isOfOtherKind(body) ? NOT_RSA : LABELS[label]
}

/** Whether PKCS#8, in base64, names another algorithm than rsaEncryption: its identifier stands at one place always. */
function isOfOtherKind(base64: string): boolean {
  return base64.startsWith('M') && !/^.{12}BgkqhkiG9w0BAQEF/.test(base64)
}

function objectProblem(key: unknown): string | undefined {
  if (key === undefined || key === null) return 'is missing'
  const { kty, d, type, algorithm } = key as Readonly<Record<'kty' | 'd' | 'type' | 'algorithm', unknown>>
  if (kty === 'RSA') return typeof d === 'string' ? undefined : PUBLIC
  if (kty !== undefined) return NOT_RSA
  const isImported = typeof type === 'string' && typeof algorithm === 'object'
  return isImported ? importedProblem(key as CryptoKey) : NO_FORM
}

function importedProblem({ type, algorithm, usages }: CryptoKey): string | undefined {
  const { name, modulusLength = 0, hash } = algorithm as Partial<RsaHashedKeyAlgorithm>
  if (type === 'public') return PUBLIC
  if (!name?.startsWith('RSA')) return NOT_RSA
  if (name !== 'RSASSA-PKCS1-v1_5' || hash?.name !== 'SHA-256' || !usages.includes('sign')) return 'is not for RS256'
  return modulusLength < 2048 ? `is too short: ${modulusLength} bits` : undefined
}

const USUAL =
  'Give the RSA private key that belongs to the app’s certificate, of 2048 bits or more, unencrypted: PEM (PKCS#8 or PKCS#1) or a JWK.'
const FIRST: Readonly<Record<string, string>> = {
  [NOT_PEM]: 'Give the content of the file, not its name.',
  [ENCRYPTED]: 'Decrypt it: openssl pkcs8 -topk8 -nocrypt -in key.pem -out plain.pem.',
  'cannot be read': 'Copy it again, with all of its lines.',
}

function faultOf(option: string, problem: string): ConfigFault {
  const first = FIRST[problem]
  return { option, problem, hint: first === undefined ? USUAL : `${first} ${USUAL}` }
}

async function readKey(key: PrivateKey): Promise<CryptoKey> {
  if (typeof key === 'string') return importPKCS8(toPkcs8(asLines(key)), 'RS256')
  return 'kty' in key ? ((await importJWK(key, 'RS256')) as CryptoKey) : (key as CryptoKey)
}

/** Environments hold a key in one line, with `\n` written out. */
function asLines(pem: string): string {
  return pem.replaceAll('\\n', '\n').trim()
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
