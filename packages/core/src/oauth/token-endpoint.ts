import { OAuthError, TransportError } from '../errors/errors.ts'
import type { HttpAnswer } from '../net/http-client.ts'
import { endpointsOf } from '../org/endpoints.ts'
import type { LoginHost } from '../org/hosts.ts'
import type { Client } from './client.ts'
import { decodeTokenSet } from './token-set.ts'
import type { TokenSet } from './token-set.ts'

export interface TokenRequestOptions {
  signal?: AbortSignal
  /** The tokens that this request renews: fills what a refresh does not repeat. */
  previous?: Pick<TokenSet, 'instanceUrl'>
}

/** The one door to `/services/oauth2/token`: every flow is a grant type and its parameters. */
export interface TokenEndpoint {
  readonly login: LoginHost
  /**
   * @throws {OAuthError} when Salesforce refuses; its `hint` names the Setup page.
   * @throws {TransportError} `net/*`; `sent` tells whether the grant may have been used up.
   * @throws {TokenError} when the answer cannot be trusted.
   */
  request(grantType: string, parameters: Record<string, string>, options?: TokenRequestOptions): Promise<TokenSet>
}

/** The token endpoint of one login host, as one client. */
export function createTokenEndpoint(client: Client, login: LoginHost): TokenEndpoint {
  const url = endpointsOf(login.base).token
  return {
    login,
    async request(grantType, parameters, { signal, previous } = {}) {
      const body = new URLSearchParams({ grant_type: grantType, ...parameters, format: 'json' })
      const headers = new Headers({ accept: 'application/json' })
      await client.authenticate({ clientId: client.clientId, audience: url, body, headers, now: client.now() })
      const answer = await client.http.send(url, { method: 'POST', headers, body, ...(signal && { signal }) })
      const members = readJson(answer, url)
      if (answer.status !== 200) throw refusal(members, answer, url)
      return decodeTokenSet(members, { login, trustedHosts: client.trustedHosts, now: client.now(), previous })
    },
  }
}

function readJson(answer: HttpAnswer, url: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(answer.text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // Maintenance pages are HTML, with any status.
  }
  throw unusable(answer, url)
}

function refusal(members: Readonly<Record<string, unknown>>, answer: HttpAnswer, url: string): Error {
  const { error, error_description: description } = members
  if (typeof error !== 'string') return unusable(answer, url)
  return new OAuthError({
    error,
    description: typeof description === 'string' ? description : undefined,
    httpStatus: answer.status,
  })
}

function unusable({ status }: HttpAnswer, url: string): TransportError {
  const { host } = new URL(url)
  if (status >= 500 || status === 429 || status === 420) {
    return new TransportError('net/server-error', `${host} answered ${status}.`, {
      sent: true,
      hint: 'Salesforce is busy or under maintenance: try again shortly.',
    })
  }
  return new TransportError('net/not-json', `${host} answered ${status} with something other than JSON.`, {
    sent: true,
    hint: 'Check that the login URL is a Salesforce host and that no proxy answers in its place.',
  })
}
