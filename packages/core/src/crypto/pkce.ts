import { base64url } from 'jose'

/** 32 random bytes in base64url: 43 characters, good for a state, a nonce, a PKCE verifier or a session id. */
export function randomSecret(): string {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(32)))
}

/**
 * The S256 challenge of a PKCE verifier.
 * @see RFC 7636 §4.2
 */
export function pkceChallenge(verifier: string): Promise<string> {
  return sha256(verifier)
}

/** SHA-256 of a text, base64url without padding. */
export async function sha256(text: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}

/** Compares two secrets in a time that does not depend on where they differ. */
export function sameSecret(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return difference === 0
}
