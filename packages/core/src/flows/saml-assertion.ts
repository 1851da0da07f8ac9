import { noClientAuthentication } from '../oauth/client-authentication.ts'
import { encodeSaml } from '../oauth/saml-document.ts'
import type { TokenEndpoint } from '../oauth/token-endpoint.ts'
import type { TokenSet } from '../oauth/token-set.ts'

export interface SamlAssertionGrant {
  /** The whole `Response` of the identity provider, not the `Assertion` in it: as XML, base64 or base64url. */
  response: string
}

export interface SamlAssertionOptions {
  signal?: AbortSignal
}

/**
 * Legacy: whoever holds such a response logs in without any app being asked; prefer `samlBearer` or `jwtBearer`.
 * Trades a SAML 2.0 response of the org's identity provider for an access token; never a refresh token. Ask the
 * My Domain of the one org whose single sign-on setting knows the provider; sites are not served.
 *
 * @throws {TokenError} `token/assertion-invalid`, before anything is sent, when it is no SAML response.
 * @throws {OAuthError} `oauth/invalid_grant` when the org does not accept the response; `errorUri` is then the page of its
 *   Setup that names the fault, where Salesforce could read the response.
 * @throws {TransportError} `net/*`; safe to repeat with a new response.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_sso_flow.htm
 */
export async function samlAssertion(
  endpoint: TokenEndpoint,
  grant: SamlAssertionGrant,
  options: SamlAssertionOptions = {},
): Promise<TokenSet> {
  const parameters = {
    assertion_type: 'urn:oasis:names:tc:SAML:2.0:profiles:SSO:browser',
    assertion: toBase64(encodeSaml(grant.response, 'Response')),
  }
  return endpoint.request('assertion', parameters, { ...options, clientAuthentication: noClientAuthentication() })
}

// Here Salesforce reads plain base64.
function toBase64(text: string): string {
  return text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .padEnd(Math.ceil(text.length / 4) * 4, '=')
}
