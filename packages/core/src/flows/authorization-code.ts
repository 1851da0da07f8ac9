import type { TokenEndpoint } from '../oauth/token-endpoint.ts'
import type { TokenSet } from '../oauth/token-set.ts'

export interface AuthorizationCodeOptions {
  signal?: AbortSignal
}

/** What a callback brings, and what the login that started it kept. */
export interface AuthorizationCodeGrant {
  code: string
  /** Exactly the one sent to authorize. */
  redirectUri: string
  codeVerifier: string
}

/**
 * Trades an authorization code for tokens: the last step of the web server flow, with PKCE. A code lives fifteen
 * minutes and works once.
 *
 * @throws {OAuthError} `oauth/invalid_grant` when the code is old, used or foreign: start the login again.
 * @throws {TransportError} `net/*`; with `sent` true the code may be used up: start the login again.
 * @see RFC 6749 §4.1.3
 */
export function authorizationCode(
  endpoint: TokenEndpoint,
  grant: AuthorizationCodeGrant,
  options: AuthorizationCodeOptions = {},
): Promise<TokenSet> {
  const parameters = { code: grant.code, redirect_uri: grant.redirectUri, code_verifier: grant.codeVerifier }
  return endpoint.request('authorization_code', parameters, options)
}
