import { TokenError } from '../errors/errors.ts'
import type { TokenSet } from '../oauth/token-set.ts'
import type { Identity } from '../org/ids.ts'

/** The part of a token answer that is kept: enough to call, renew and revoke, and small enough for a cookie. */
export interface HeldTokens extends Pick<
  TokenSet,
  | 'accessToken'
  | 'tokenType'
  | 'instanceUrl'
  | 'refreshToken'
  | 'scope'
  | 'issuedAt'
  | 'expiresAt'
  | 'expirySource'
  | 'apiInstanceUrl'
> {
  readonly identity: Identity
}

/** Keeps of a token answer what later requests need. A refresh repeats only part of it: `previous` fills the rest. */
export function holdTokens(answer: TokenSet & { readonly identity: Identity }, previous?: HeldTokens): HeldTokens {
  const { accessToken, tokenType, instanceUrl, identity, issuedAt, expiresAt, expirySource } = answer
  const refreshToken = answer.refreshToken ?? previous?.refreshToken
  const scope = answer.scope ?? previous?.scope
  const apiInstanceUrl = answer.apiInstanceUrl ?? previous?.apiInstanceUrl
  return Object.freeze({
    accessToken,
    tokenType,
    instanceUrl,
    identity,
    expirySource,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(scope !== undefined && { scope }),
    ...(issuedAt !== undefined && { issuedAt }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(apiInstanceUrl !== undefined && { apiInstanceUrl }),
  })
}

/** Whether ending the one would end the other: Salesforce may hand out a refresh token again. */
export function shareRefreshToken(one: HeldTokens, other: HeldTokens): boolean {
  return one.refreshToken !== undefined && one.refreshToken === other.refreshToken
}

/**
 * Whose token an answer is.
 * @throws {TokenError} `token/malformed-answer` when neither it nor the one before says so.
 */
export function identityOf(answer: Pick<TokenSet, 'identity'>, previous?: HeldTokens): Identity {
  const identity = answer.identity ?? previous?.identity
  if (identity !== undefined) return identity
  const message = 'The token answer does not say whose token it is: id is missing.'
  throw new TokenError('token/malformed-answer', message, { hint: 'Check that the login URL is a Salesforce host.' })
}
