import { sameSecret } from '../crypto/pkce.ts'
import { CallbackError, ConfigError, OAuthError } from '../errors/errors.ts'
import { requireBound } from '../oauth/binding.ts'
import { warnOfLegacyFlow } from '../oauth/legacy-flow.ts'
import type { TokenEndpoint } from '../oauth/token-endpoint.ts'
import { decodeTokenSet } from '../oauth/token-set.ts'
import type { TokenSet } from '../oauth/token-set.ts'
import { endpointsOf } from '../org/endpoints.ts'

export interface UserAgentRequest {
  redirectUri: string
  /** Unguessable, kept by whoever starts the login, and new for each. */
  state: string
  /** `hybrid_token` adds sessions of the org's web pages. @default 'token' */
  responseType?: 'token' | 'token id_token' | 'hybrid_token'
  /** @default every scope of the app */
  scope?: readonly string[]
  /** Required by `token id_token`. */
  nonce?: string
  /** `login` asks for the password again, `consent` for the approval, `select_account` for the user. */
  prompt?: string
  /** A user name to pre-fill. */
  loginHint?: string
  display?: 'page' | 'popup' | 'touch'
}

export interface UserAgentReturn {
  /** Where the login was started: decides which instances the token may lead to. */
  endpoint: TokenEndpoint
  /** The one sent to authorize. */
  state: string
}

const LONGEST = 64 * 1024

/**
 * Legacy and insecure, for existing native apps only: the user-agent (implicit) flow hands tokens through the
 * address bar, where history, logs and scripts see them, and orgs may block it; use the web server flow with PKCE and
 * `publicClient()` instead. Answers the address that starts it; nothing is fetched. The endpoint's log is warned once.
 *
 * @throws {ConfigError} `config/invalid` without a state, or without the nonce of an ID token.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_user_agent_flow.htm
 */
export function userAgentUrl({ client, login }: TokenEndpoint, request: UserAgentRequest): URL {
  warnOfLegacyFlow(client, 'user-agent')
  const { responseType = 'token', scope, state, nonce } = request
  requireSecret('state', state)
  if (responseType === 'token id_token') requireSecret('nonce', nonce)
  const url = new URL(endpointsOf(login.base).authorize)
  const parameters: Record<string, string | undefined> = {
    response_type: responseType,
    client_id: client.clientId,
    redirect_uri: request.redirectUri,
    scope: scope?.join(' '),
    state,
    nonce,
    prompt: request.prompt,
    login_hint: request.loginHint,
    display: request.display,
  }
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value)
  return url
}

/**
 * Legacy: reads what the user-agent flow came back with, as a whole address, or only its fragment or query. The state is
 * always checked, before anything else is believed. An ID token is handed over unverified. A refresh token comes to custom
 * schemes and Salesforce's own success page only.
 *
 * @throws {OAuthError} what Salesforce refused: `oauth/access_denied`, `oauth/oauth_flow_disabled` …
 * @throws {CallbackError} `callback/state-mismatch`, `callback/malformed`
 * @throws {TokenError} `token/malformed-answer`, `token/foreign-instance`; `token/not-bound` from an endpoint with a
 *   DPoP key, which this flow cannot bind to. Nothing is revoked: the tokens stand in the address.
 * @throws {ConfigError} `config/invalid` when the expected state is empty.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_user_agent_flow.htm
 */
export function parseUserAgentFragment(urlOrFragment: string, { endpoint, state }: UserAgentReturn): TokenSet {
  const { client, login } = endpoint
  warnOfLegacyFlow(client, 'user-agent')
  requireSecret('state', state)
  const answer = readAnswer(urlOrFragment)
  if (!sameSecret(answer['state'] ?? '', state)) {
    throw new CallbackError('callback/state-mismatch', 'The state that came back is not the one of this login.', {
      hint: 'Start the login again. It was begun elsewhere, or somebody else made this link.',
    })
  }
  const { error, error_description: description } = answer
  if (error !== undefined) throw new OAuthError({ error, description })
  const tokens = decodeTokenSet(answer, { login, trustedHosts: client.trustedHosts, now: client.now() })
  requireBound(client, tokens)
  return tokens
}

/** The parameters of the fragment or, when no answer stands there, of the query: errors have been seen in both. */
function readAnswer(text: string): Readonly<Record<string, string>> {
  if (text.length > LONGEST) throw malformed('is longer than 64 KiB')
  const [before = '', ...after] = text.split('#')
  const fragment = new URLSearchParams(after.join('#'))
  const bare = /^[\w-]+=/.test(before) ? before : before.slice(before.indexOf('?') + 1)
  const parameters = fragment.has('state') ? fragment : new URLSearchParams(bare)
  const answer = Object.fromEntries(parameters)
  if (Object.keys(answer).length < parameters.size) throw malformed('names a parameter twice')
  return answer
}

function malformed(problem: string): CallbackError {
  return new CallbackError('callback/malformed', `The address that came back ${problem}.`, {
    hint: 'Start the login again.',
  })
}

function requireSecret(option: string, value: string | undefined): void {
  if (value !== undefined && value !== '') return
  const hint = 'Make a random one for each login, keep it, and compare it when the browser comes back.'
  throw new ConfigError([{ option, problem: 'is missing', hint }])
}
