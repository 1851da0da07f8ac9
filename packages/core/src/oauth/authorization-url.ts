import { endpointsOf } from '../org/endpoints.ts'
import type { LoginHost } from '../org/hosts.ts'

export interface AuthorizationRequest {
  clientId: string
  redirectUri: string
  scope: readonly string[]
  state: string
  codeChallenge: string
  /** Needed for an ID token. */
  nonce?: string
  /** `login` asks for the password again, `consent` for the approval, `select_account` for the user. */
  prompt?: string
  /** A user name to pre-fill. */
  loginHint?: string
  display?: 'page' | 'popup' | 'touch'
  /** Binds the code to a DPoP key. */
  dpopThumbprint?: string
}

/**
 * The address that starts the web server flow. Nothing is fetched.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm
 */
export function authorizationUrl(login: LoginHost, request: AuthorizationRequest): URL {
  const url = new URL(endpointsOf(login.base).authorize)
  const parameters: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    scope: request.scope.join(' '),
    state: request.state,
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
    nonce: request.nonce,
    prompt: request.prompt,
    login_hint: request.loginHint,
    display: request.display,
    dpop_jkt: request.dpopThumbprint,
  }
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value)
  return url
}
