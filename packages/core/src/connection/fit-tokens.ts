import { isSalesforceAuthError, TransportError } from '../errors/errors.ts'
import { isDue } from './expiry.ts'
import type { HeldTokens } from './held-tokens.ts'

/** Tokens that are fit for use as far as anybody can tell: renewed when their end is near. */
export async function fitTokens(
  tokens: HeldTokens,
  now: number,
  renew: (stale: string) => Promise<HeldTokens>,
): Promise<HeldTokens> {
  // Without a refresh token there is nothing to do early: use it until it is refused.
  if (tokens.refreshToken === undefined || !isDue(tokens, now)) return tokens
  try {
    return await renew(tokens.accessToken)
  } catch (error) {
    if (isNoVerdict(error) && (tokens.expiresAt ?? 0) > now) return tokens
    throw error
  }
}

/** Whether nobody has said anything about the tokens: Salesforce was not reached, or asks to come back. */
function isNoVerdict(error: unknown): boolean {
  return error instanceof TransportError || (isSalesforceAuthError(error) && error.retryable)
}
