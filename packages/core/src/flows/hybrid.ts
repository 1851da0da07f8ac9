import type { TokenEndpoint } from '../oauth/token-endpoint.ts'
import type { TokenSet } from '../oauth/token-set.ts'

export interface HybridAuthCodeOptions {
  signal?: AbortSignal
}

export interface HybridAuthCodeGrant {
  code: string
  /** Exactly the one sent to authorize. */
  redirectUri: string
  codeVerifier: string
}

export interface HybridRefreshOptions {
  signal?: AbortSignal
  /** The tokens being renewed: fills what the answer does not repeat. */
  previous?: Pick<TokenSet, 'instanceUrl'>
}

/**
 * Trades an authorization code for tokens and, in `hybrid`, for sessions of the org's web pages: for an app that shows
 * them in a web view. Which sessions come depends on the scopes `web`, `lightning`, `visualforce` and `content`. An app
 * with JWT access tokens and rotating refresh tokens is refused. A code lives fifteen minutes and works once.
 *
 * @throws {OAuthError} `oauth/invalid_grant` when the code is old, used or foreign: start the login again.
 * @throws {TransportError} `net/*`; with `sent` true the code may be used up: start the login again.
 * @throws {TokenError} `token/malformed-answer`
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_hybrid_web_server_flow_ca.htm
 */
export function hybridAuthCode(
  endpoint: TokenEndpoint,
  grant: HybridAuthCodeGrant,
  options: HybridAuthCodeOptions = {},
): Promise<TokenSet> {
  const parameters = { code: grant.code, redirect_uri: grant.redirectUri, code_verifier: grant.codeVerifier }
  return endpoint.request('hybrid_auth_code', parameters, options)
}

/**
 * Trades a refresh token for a new access token and new sessions of the org's web pages, in `hybrid`. With rotation on,
 * the answer carries a new refresh token and the old one is dead: store it first, and never spend one token twice.
 *
 * @throws {OAuthError} `oauth/invalid_grant` when the refresh token is dead: log in again.
 * @throws {TransportError} `net/*`; with `sent` true nobody can tell whether the token was rotated.
 * @throws {TokenError} `token/malformed-answer`
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_hybrid_app_flow_cookies.htm
 */
export function hybridRefresh(
  endpoint: TokenEndpoint,
  token: string,
  options: HybridRefreshOptions = {},
): Promise<TokenSet> {
  return endpoint.request('hybrid_refresh', { refresh_token: token }, options)
}
