import { requireOwnHost } from '../oauth/own-host.ts'
import type { TokenEndpoint } from '../oauth/token-endpoint.ts'
import type { TokenSet } from '../oauth/token-set.ts'

export interface ClientCredentialsOptions {
  signal?: AbortSignal
}

/**
 * Tokens of the app's Run As user, for whoever holds the app's secret. The answer has no refresh token. Scopes are
 * those of the app, without `full`, `web` and `refresh_token`. Works on the org's My Domain only.
 *
 * @throws {ConfigError} `config/invalid`, before anything is sent, when the login URL is a generic login host.
 * @throws {OAuthError} `oauth/invalid_grant` (no Run As user, no usable scope), `oauth/invalid_client`,
 *   `oauth/invalid_client_id`, `oauth/invalid_app_access`, `oauth/rate_limit_exceeded` …
 * @throws {TransportError} `net/*`
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm
 */
export async function clientCredentials(
  endpoint: TokenEndpoint,
  options: ClientCredentialsOptions = {},
): Promise<TokenSet> {
  requireOwnHost(endpoint.login, 'the client credentials flow')
  return endpoint.request('client_credentials', {}, options)
}
