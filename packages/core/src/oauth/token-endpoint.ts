import type { HttpAnswer } from '../net/http-client.ts'
import { endpointsOf } from '../org/endpoints.ts'
import type { LoginHost } from '../org/hosts.ts'
import { parseMembers, readAnswer } from './answer.ts'
import type { Members } from './answer.ts'
import { requireBound, warnOfUnbound } from './binding.ts'
import type { ClientAuthentication } from './client-authentication.ts'
import type { Client } from './client.ts'
import { discardAnswer } from './discard.ts'
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
   * @throws {TokenError} when the answer cannot be trusted; `token/not-bound` when there is a DPoP key and the tokens
   *   are not bound to it, unless they renew others. What was granted is then revoked, behind the error.
   */
  request(grantType: string, parameters: Record<string, string>, options?: TokenRequestOptions): Promise<TokenSet>
  /** Asks for what is not a token set: the members of the answer as they came. Throws as `request` does. */
  ask(parameters: Record<string, string>, options?: TokenRequestOptions): Promise<Members>
}

const RENEWALS = ['refresh_token', 'hybrid_refresh']

/** The token endpoint of one login host, as one client. */
export function createTokenEndpoint(client: Client, login: LoginHost): TokenEndpoint {
  const { token: url } = endpointsOf(login.base)

  async function ask(parameters: Record<string, string>, options: TokenRequestOptions = {}): Promise<Members> {
    const { signal, clientAuthentication: authenticate = client.authenticate } = options
    const send = async (proof?: string): Promise<HttpAnswer> => {
      const body = new URLSearchParams({ ...parameters, format: 'json' })
      const headers = new Headers({ accept: 'application/json' })
      await authenticate({ clientId: client.clientId, audience: url, body, headers, now: client.now() })
      if (proof !== undefined) headers.set('dpop', proof)
      return client.http.send(url, { method: 'POST', headers, body, ...(signal && { signal }) })
    }
    const answer = await (client.dpop?.send({ method: 'POST', url }, send, asksForNonce) ?? send())
    return readAnswer(answer, url, parameters['grant_type'])
  }

  return {
    client,
    login,
    ask,
    async request(grantType, parameters, options = {}) {
      const members = await ask({ grant_type: grantType, ...parameters }, options)
      const { previous } = options
      const { trustedHosts } = client
      const isRenewal = RENEWALS.includes(grantType)
      try {
        const tokens = decodeTokenSet(members, { login, trustedHosts, now: client.now(), previous })
        // What was spent decides: all but a refresh token can be asked for again, a rotated one would be lost.
        if (isRenewal) warnOfUnbound(client, tokens)
        else requireBound(client, tokens)
        return tokens
      } catch (error) {
        discardAnswer({ client, login }, members, isRenewal ? parameters['refresh_token'] : undefined)
        throw error
      }
    },
  }
}

/** A refusal for the want of a nonce spends nothing: the same grant may be sent again. */
function asksForNonce({ status, text }: HttpAnswer): boolean {
  return status === 400 && parseMembers(text)?.['error'] === 'use_dpop_nonce'
}
