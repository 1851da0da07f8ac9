import { OAuthError } from '../http/oauth-error.ts'
import type { World } from '../world.ts'
import type { Assertion } from './assertion.ts'

// Clocks differ; JWTs get the same three minutes.
const clockSkew = 180_000
/** Longer than any that an identity provider makes. */
const sizeLimit = 256 * 1024

export function invalidAssertion(): OAuthError {
  return new OAuthError('invalid_grant', 'invalid assertion')
}

/** Whatever is wrong with a document, the answer is the same. */
export function orInvalid<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof OAuthError) throw error
    throw invalidAssertion()
  }
}

/** A document in base64 or base64url, as both are sent. */
export function decodeDocument(text: string): string {
  const isEncoded = /^[\w+/\s-]+=*\s*$/.test(text) && text.length <= sizeLimit
  if (!isEncoded) throw invalidAssertion()
  return Buffer.from(text, 'base64').toString()
}

/** Both the conditions and a confirmation have to hold now; `recipients` undefined accepts any. */
export function checkValidity(world: World, assertion: Assertion, recipients: readonly string[] | undefined): void {
  const now = world.clock.now()
  const holds = (end: number): boolean => end + clockSkew > now
  const isEarly = assertion.notBefore - clockSkew > now
  if (isEarly || !holds(assertion.notOnOrAfter)) throw invalidAssertion()
  const isConfirmed = assertion.confirmations.some(
    ({ recipient, notOnOrAfter }) => holds(notOnOrAfter) && (!recipients || recipients.includes(recipient)),
  )
  if (!isConfirmed) throw invalidAssertion()
}

/** An assertion is remembered by its id for as long as it could be used again. */
export function checkReplay(world: World, { id, issuer, notOnOrAfter }: Assertion): void {
  const { assertionIds } = world.state
  const key = `${issuer} ${id}`
  if ((assertionIds.get(key) ?? 0) > world.clock.now()) throw invalidAssertion()
  assertionIds.set(key, notOnOrAfter + clockSkew)
}
