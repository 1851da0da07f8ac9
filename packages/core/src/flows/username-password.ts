import { warnOfLegacyFlow } from '../oauth/legacy-flow.ts'
import type { TokenEndpoint } from '../oauth/token-endpoint.ts'
import type { TokenSet } from '../oauth/token-set.ts'

export interface UsernamePasswordOptions {
  signal?: AbortSignal
}

export interface UsernamePasswordGrant {
  username: string
  password: string
  /** Needed unless the address of this server is trusted. Sent right behind the password, as Salesforce wants it. */
  securityToken?: string
}

/**
 * Legacy, for existing connected apps only: this server handles a person's password, External Client Apps do not have
 * the flow, new orgs block it and Salesforce is retiring it; use `jwtBearer` or `clientCredentials` instead.
 * The endpoint's log is warned once. The answer has no refresh token and no scope. "authentication failure" stands for a wrong password, a missing
 * security token and a blocked flow alike.
 *
 * @throws {OAuthError} `oauth/invalid_grant`, `oauth/unsupported_grant_type` (an External Client App) …
 * @throws {TransportError} `net/*`
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_username_password_flow.htm
 */
export function usernamePassword(
  endpoint: TokenEndpoint,
  grant: UsernamePasswordGrant,
  options: UsernamePasswordOptions = {},
): Promise<TokenSet> {
  warnOfLegacyFlow(endpoint.client, 'username-password')
  const { username, password, securityToken = '' } = grant
  return endpoint.request('password', { username, password: password + securityToken }, options)
}
