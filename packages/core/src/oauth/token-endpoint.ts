import { OAuthError } from '../errors/errors.ts'
import type { HttpAnswer } from '../net/http-client.ts'
import { unusableAnswer } from '../net/unusable-answer.ts'
import { endpointsOf } from '../org/endpoints.ts'
import type { LoginHost } from '../org/hosts.ts'
import type { ClientAuthentication } from './client-authentication.ts'
import type { Client } from './client.ts'
import { decodeTokenSet } from './token-set.ts'
import type { TokenSet } from './token-set.ts'

export interface TokenRequestOptions {
  signal?: AbortSignal
  /** The tokens that this request renews: fills what a refresh does not repeat. */
  previous?: Pick<TokenSet, 'instanceUrl'>
  /** In place of the client's own: for grants that carry their proof in themselves. */
  clientAuthentication?: ClientAuthentication
}

/** The one door to `/services/oauth2/token`: every flow is a grant type and its parameters. */
export interface TokenEndpoint {
  readonly client: Client
  readonly login: LoginHost
  /**
   * Asks for tokens by a grant.
   * @throws {OAuthError} when Salesforce refuses; its `hint` names the Setup page.
   * @throws {TransportError} `net/*`; `sent` tells whether the grant may have been used up.
   * @throws {TokenError} when the answer cannot be trusted.
   */
  request(grantType: string, parameters: Record<string, string>, options?: TokenRequestOptions): Promise<TokenSet>
  /** Asks for what is not a token set: the members of the answer as they came. Throws as `request` does. */
  ask(parameters: Record<string, string>, options?: TokenRequestOptions): Promise<Readonly<Record<string, unknown>>>
}

/** The token endpoint of one login host, as one client. */
export function createTokenEndpoint(client: Client, login: LoginHost): TokenEndpoint {
  const { token: url } = endpointsOf(login.base)

  async function ask(parameters: Record<string, string>, options: TokenRequestOptions = {}): Promise<Members> {
    const { signal, clientAuthentication: authenticate = client.authenticate } = options
    const body = new URLSearchParams({ ...parameters, format: 'json' })
    const headers = new Headers({ accept: 'application/json' })
    await authenticate({ clientId: client.clientId, audience: url, body, headers, now: client.now() })
    const answer = await client.http.send(url, { method: 'POST', headers, body, ...(signal && { signal }) })
    const members = readJson(answer, url)
    if (answer.status !== 200) throw refusal(members, answer, url)
    return members
  }

  return {
    client,
    login,
    ask,
    async request(grantType, parameters, options = {}) {
      const members = await ask({ grant_type: grantType, ...parameters }, options)
      const { previous } = options
      return decodeTokenSet(members, { login, trustedHosts: client.trustedHosts, now: client.now(), previous })
    },
  }
}

type Members = Readonly<Record<string, unknown>>

function readJson(answer: HttpAnswer, url: string): Members {
  try {
    const value: unknown = JSON.parse(answer.text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // Maintenance pages are HTML, with any status.
  }
  throw unusableAnswer(new URL(url).host, answer.status)
}

function refusal(members: Members, answer: HttpAnswer, url: string): Error {
  const { error, error_description: description } = members
  if (typeof error !== 'string') return unusableAnswer(new URL(url).host, answer.status)
  return new OAuthError({
    error,
    description: typeof description === 'string' ? description : undefined,
    httpStatus: answer.status,
  })
}
