import { base64url, compactDecrypt, CompactEncrypt } from 'jose'

/** One derived key and the only JWE header it is used with. */
export interface SealKey {
  readonly header: string
  readonly kid: string
  readonly bytes: Uint8Array
}

/** Newest first: the first key seals, every key opens. */
export type Keyring = readonly SealKey[]

/** Opens a sealed text with one key, or answers `undefined` when it was not made with it. */
export type OpenSeal = (sealed: string, key: SealKey) => Uint8Array | undefined | Promise<Uint8Array | undefined>

export interface Seal {
  /** Seals a text as a compact JWE (`dir`, A256GCM). */
  seal(text: string): Promise<string>
  /** The text, or `undefined` for anything that was not sealed by one of the keys. Never throws. */
  open(sealed: string): string | undefined | Promise<string | undefined>
  /** Loads the keys, so that later calls of `open` need not wait. */
  ready(): Promise<Keyring>
}

/** The format of what is sealed. It stands in the JWE header, so a later format can still tell an older one apart. */
const FORMAT_VERSION = 1
const utf8 = new TextEncoder()
const text = new TextDecoder('utf-8', { fatal: true })

/**
 * Derives one 256-bit key a secret, by HKDF-SHA-256. Keys of different purposes never open each other's seals.
 * @see RFC 5869
 */
export async function deriveKeyring(secrets: readonly string[], purpose: string): Promise<Keyring> {
  return Promise.all(
    secrets.map(async (secret) => {
      const input = await crypto.subtle.importKey('raw', utf8.encode(secret), 'HKDF', false, ['deriveBits'])
      const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8.encode(`orgpass/${purpose}`) }
      const bytes = new Uint8Array(await crypto.subtle.deriveBits(how, input, 256))
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
      const kid = base64url.encode(digest.subarray(0, 6))
      return { bytes, kid, header: base64url.encode(JSON.stringify(protectedHeader(kid))) }
    }),
  )
}

function protectedHeader(kid: string): { alg: 'dir'; enc: 'A256GCM'; kid: string; v: number } {
  return { alg: 'dir', enc: 'A256GCM', kid, v: FORMAT_VERSION }
}

/** A seal over keys that are derived on first use. `openSeal` lets a platform bring a faster way to open. */
export function createSeal(derive: () => Promise<Keyring>, openSeal: OpenSeal = openWithJose): Seal {
  let keyring: Keyring | undefined
  let deriving: Promise<Keyring> | undefined
  const ready = async (): Promise<Keyring> => (keyring ??= await (deriving ??= derive()))

  function openWith(keys: Keyring, sealed: string): string | undefined | Promise<string | undefined> {
    const header = sealed.slice(0, Math.max(0, sealed.indexOf('.')))
    const key = keys.find((candidate) => candidate.header === header)
    if (key === undefined) return undefined
    const opened = openSeal(sealed, key)
    return opened instanceof Promise ? opened.then(decode) : decode(opened)
  }

  return {
    ready,
    async seal(plain) {
      const [key] = await ready()
      if (key === undefined) throw new TypeError('A seal needs at least one key.')
      return new CompactEncrypt(utf8.encode(plain)).setProtectedHeader(protectedHeader(key.kid)).encrypt(key.bytes)
    },
    open: (sealed) =>
      keyring === undefined ? ready().then((keys) => openWith(keys, sealed)) : openWith(keyring, sealed),
  }
}

function decode(bytes: Uint8Array | undefined): string | undefined {
  try {
    return bytes && text.decode(bytes)
  } catch {
    return undefined
  }
}

const OPTIONS = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] }

/** How a seal is written: iv, ciphertext and tag. Decoders forgive more, and two that forgive differently would disagree. */
export const SEALED: RegExp = /^[\w-]+\.\.([\w-]{16})\.([\w-]*)\.([\w-]{22})$/

/** Opens with jose: the way for every runtime without `node:crypto`. */
export async function openWithJose(sealed: string, key: SealKey): Promise<Uint8Array | undefined> {
  if (!SEALED.test(sealed)) return undefined
  try {
    return (await compactDecrypt(sealed, key.bytes, OPTIONS)).plaintext
  } catch {
    return undefined
  }
}
