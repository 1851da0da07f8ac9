import { signAssertion } from '../crypto/jwt-sign.ts'
import { importPrivateKey } from '../crypto/private-key.ts'
import type { PrivateKey } from '../crypto/private-key.ts'
import { noClientAuthentication } from '../oauth/client-authentication.ts'
import { requireKeyGrant } from '../oauth/key-grant.ts'
import type { TokenEndpoint } from '../oauth/token-endpoint.ts'
import type { TokenSet } from '../oauth/token-set.ts'
import { assertionAudience } from '../org/audience.ts'

export interface JwtBearerOptions {
  signal?: AbortSignal
}

export interface JwtBearerGrant {
  /** The RSA key whose certificate the app holds. A text or JWK is imported at each call: import it once if you call often. */
  key: PrivateKey
  /** The Salesforce username to act as; not an e-mail address. */
  username: string
  /**
   * Whom the assertion is for.
   * @default the generic login host that serves the org, or the site
   */
  audience?: string
}

const LIFETIME_SECONDS = 180

/**
 * Tokens for a user who is not there, for whoever holds the app's private key. The answer has no refresh token and no
 * times: keep the access token until Salesforce refuses it. The user must have approved the app before, or an
 * administrator for the user. Each call is a login, and Salesforce allows a user 3,600 of them an hour:
 * `createServiceConnection` keeps count for you.
 *
 * @throws {OAuthError} `oauth/invalid_grant` (approval, audience, signature, user), `oauth/invalid_client_id`,
 *   `oauth/invalid_app_access`, `oauth/rate_limit_exceeded` …
 * @throws {TransportError} `net/*`
 * @throws {ConfigError} `config/invalid`, before anything is sent, when the user name is missing or the key is not an
 *   unencrypted RSA private key of 2048 bits or more.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm
 */
export async function jwtBearer(
  endpoint: TokenEndpoint,
  grant: JwtBearerGrant,
  options: JwtBearerOptions = {},
): Promise<TokenSet> {
  requireKeyGrant(grant)
  const { client, login } = endpoint
  const assertion = await signAssertion(await importPrivateKey(grant.key), {
    iss: client.clientId,
    sub: grant.username,
    aud: grant.audience ?? assertionAudience(login),
    exp: Math.floor(client.now() / 1000) + LIFETIME_SECONDS,
    // Salesforce remembers it: an assertion that leaks works no second time.
    jti: crypto.randomUUID(),
  })
  const parameters = { assertion }
  return endpoint.request('urn:ietf:params:oauth:grant-type:jwt-bearer', parameters, {
    ...options,
    clientAuthentication: noClientAuthentication(),
  })
}
