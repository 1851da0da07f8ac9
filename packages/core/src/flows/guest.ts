import { headerValue } from '../net/header-value.ts'
import { requestCode } from '../oauth/headless-endpoint.ts'
import type { HeadlessOptions, HeadlessRequest, Visitor } from '../oauth/headless-endpoint.ts'
import type { TokenEndpoint } from '../oauth/token-endpoint.ts'
import type { TokenSet } from '../oauth/token-set.ts'

export interface GuestGrant extends HeadlessRequest {
  /** A random UUID that your app made and keeps for this visitor, or the guest token that is about to end. */
  visitor: Visitor
}

/**
 * A token for a visitor who has not logged in, on an Experience Cloud site whose app issues JWT access tokens. It
 * carries the visitor's id; give that to `codeAndCredentials` when the visitor logs in.
 *
 * @throws {ConfigError} `config/invalid`, before anything is sent, when the login URL is no site.
 * @throws {RequestError} `request/unsendable`, before anything is sent, when no header can carry the visitor's id or token.
 * @throws {OAuthError} when the guest flow is off, for the app or for the site.
 * @throws {CallbackError} `callback/foreign-community` when the site names another one that is not trusted.
 * @throws {TokenError} when the answer cannot be trusted.
 * @throws {TransportError} `net/*`; safe to repeat.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_headless_guest_private_client.htm
 */
export async function guest(
  endpoint: TokenEndpoint,
  { visitor, ...request }: GuestGrant,
  options: HeadlessOptions = {},
): Promise<TokenSet> {
  const [kind, value] = 'uvid' in visitor ? ['UVID', visitor.uvid] : ['JWT', visitor.token]
  const hint = headerValue('visitor', value)
  const headers = { 'uvid-hint': `${kind} ${hint}` }
  const { code, redirectUri, codeVerifier, ...site } = await requestCode(
    endpoint,
    { ...request, requestType: 'guest', headers },
    options,
  )
  const { client } = site.endpoint
  return site.endpoint.request(
    'authorization_code',
    { code, redirect_uri: redirectUri, code_verifier: codeVerifier },
    {
      ...options,
      async clientAuthentication(outgoing) {
        // Here the hint stands alone, without the word in front.
        outgoing.headers.set('auth-request-type', 'guest')
        outgoing.headers.set('uvid-hint', hint)
        await client.authenticate(outgoing)
      },
    },
  )
}
