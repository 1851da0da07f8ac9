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
