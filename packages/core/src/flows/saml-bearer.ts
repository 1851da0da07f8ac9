import { noClientAuthentication } from '../oauth/client-authentication.ts'
import { encodeSaml } from '../oauth/saml-document.ts'
import type { TokenEndpoint } from '../oauth/token-endpoint.ts'
import type { TokenSet } from '../oauth/token-set.ts'

export interface SamlBearerGrant {
  /** A signed SAML 2.0 `Assertion` element, not a `Response`: as XML, base64 or base64url. */
  assertion: string
}

export interface SamlBearerOptions {
  signal?: AbortSignal
}

/**
 * Trades a SAML 2.0 assertion, signed with the key whose certificate the app holds, for an access token: no user
 * present and never a refresh token. The user must be approved beforehand. `@orgpass/saml` builds and signs one.
 *
 * @throws {TokenError} `token/assertion-invalid`, before anything is sent, when it is no SAML assertion.
 * @throws {OAuthError} `oauth/invalid_grant` for a wrong audience, recipient, signature or user, or an old assertion.
 * @throws {TransportError} `net/*`; safe to repeat with a new assertion.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_SAML_bearer_flow.htm
 */
export async function samlBearer(
  endpoint: TokenEndpoint,
  grant: SamlBearerGrant,
  options: SamlBearerOptions = {},
): Promise<TokenSet> {
  const assertion = encodeSaml(grant.assertion, 'Assertion')
  const clientAuthentication = noClientAuthentication()
  return endpoint.request(
    'urn:ietf:params:oauth:grant-type:saml2-bearer',
    { assertion },
    { ...options, clientAuthentication },
  )
}
