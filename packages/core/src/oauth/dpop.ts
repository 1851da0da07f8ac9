import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { JWK } from 'jose'
import { importKeyPair } from '../crypto/key-pair.ts'
import type { KeyPair, SigningPair } from '../crypto/key-pair.ts'
import { sha256 } from '../crypto/pkce.ts'

export interface DpopOptions {
  /** The app's key on P-256, the same in all its processes: tokens bound to it are useless without it. */
  key: KeyPair
}

/** A request that is to be proven. */
export interface ProofTarget {
  readonly method: string
  readonly url: string
  /** The token the request carries, when it calls an API. */
  readonly accessToken?: string
}

/** Proves, with each request, that whoever sends a token holds the key it is bound to. */
export interface Dpop {
  /** What binds an authorization code to the key: RFC 7638, SHA-256, base64url. */
  thumbprint(): Promise<string>
  /**
   * Makes a request with a proof, and once more when the server asks for a nonce that the proof did not have.
   * @throws {TypeError} when the key is not a private key on P-256.
   */
  send<T extends { readonly headers: Headers }>(
    target: ProofTarget,
    attempt: (proof: string) => Promise<T>,
    asksForNonce: (answer: T) => boolean | Promise<boolean>,
  ): Promise<T>
}

const MAX_NONCES = 100

/**
 * Makes a key for the option `dpop`. Keep it as you keep the client secret, and give it to every process of the app.
 * @see RFC 9449
 */
export async function createDpopKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return exportJWK(privateKey)
}

/** Proofs by one key; it is imported at first use, and once. Nonces are kept by origin. */
export function openDpop({ key }: DpopOptions, now: () => number): Dpop {
  let imported: Promise<SigningPair> | undefined
  const pair = (): Promise<SigningPair> => (imported ??= importOnCurve(key))
  const nonces = new Map<string, string>()

  function keep(origin: string, nonce: string): void {
    nonces.delete(origin)
    const oldest = nonces.size >= MAX_NONCES ? nonces.keys().next().value : undefined
    if (oldest !== undefined) nonces.delete(oldest)
    nonces.set(origin, nonce)
  }

  return {
    async thumbprint() {
      return calculateJwkThumbprint((await pair()).publicJwk)
    },
    async send(target, attempt, asksForNonce) {
      const { origin } = new URL(target.url)
      const used = nonces.get(origin)
      const answer = await attempt(await sign(await pair(), target, { nonce: used, now: now() }))
      const nonce = answer.headers.get('dpop-nonce')
      if (nonce === null || nonce === used) return answer
      keep(origin, nonce)
      if (!(await asksForNonce(answer))) return answer
      const second = await attempt(await sign(await pair(), target, { nonce, now: now() }))
      keep(origin, second.headers.get('dpop-nonce') ?? nonce)
      return second
    },
  }
}

async function importOnCurve(key: KeyPair): Promise<SigningPair> {
  const pair = await importKeyPair(key)
  if (pair.alg === 'ES256') return pair
  throw new TypeError('The DPoP key is not on P-256. Make one with createDpopKey().')
}

interface ProofTime {
  readonly nonce: string | undefined
  readonly now: number
}

async function sign({ privateKey, publicJwk }: SigningPair, target: ProofTarget, time: ProofTime): Promise<string> {
  const { method, url, accessToken } = target
  const { origin, pathname } = new URL(url)
  const claims = {
    htm: method,
    htu: origin + pathname,
    iat: Math.floor(time.now / 1000),
    jti: crypto.randomUUID(),
    ...(time.nonce !== undefined && { nonce: time.nonce }),
    ...(accessToken !== undefined && { ath: await sha256(accessToken) }),
  }
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: publicJwk }).sign(privateKey)
}
