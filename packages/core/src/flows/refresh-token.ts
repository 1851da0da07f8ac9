import type { TokenEndpoint } from '../oauth/token-endpoint.ts'
import type { TokenSet } from '../oauth/token-set.ts'

export interface RefreshTokenOptions {
  signal?: AbortSignal
  /** The tokens being renewed: fills what the answer does not repeat. */
  previous?: Pick<TokenSet, 'instanceUrl'>
}

/**
 * Trades a refresh token for a new access token. With rotation on, the answer carries a new refresh token and
 * the old one is dead: store the answer before using it, and never spend one token twice.
 *
 * @throws {OAuthError} `oauth/invalid_grant` when the refresh token is dead: log in again.
 * @throws {TransportError} `net/*`; with `sent` true nobody can tell whether the token was rotated.
 * @see RFC 6749 §6
 */
export function refreshToken(
  endpoint: TokenEndpoint,
  token: string,
  options: RefreshTokenOptions = {},
): Promise<TokenSet> {
  return endpoint.request('refresh_token', { refresh_token: token }, options)
}
