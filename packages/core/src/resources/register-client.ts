import { TokenError } from '../errors/errors.ts'
import { headerValue } from '../net/header-value.ts'
import { unusableAnswer } from '../net/unusable-answer.ts'
import { readRefusal, parseMembers } from '../oauth/answer.ts'
import type { Members } from '../oauth/answer.ts'
import type { TokenEndpoint } from '../oauth/token-endpoint.ts'
import { endpointsOf } from '../org/endpoints.ts'

export interface ClientRegistration {
  /** Made on the parent app's page in Setup; making a new one ends the old one. */
  initialAccessToken: string
  clientName: string
  redirectUris: readonly string[]
  /** @default ['code'] */
  responseTypes?: readonly ('code' | 'token' | 'id_token')[]
  /** @default ['authorization_code', 'refresh_token'] */
  grantTypes?: readonly ('authorization_code' | 'implicit' | 'refresh_token')[]
  /** Mail addresses. @default none */
  contacts?: readonly string[]
}

/** A new app below the one whose token registered it. The secret is told this once. */
export interface RegisteredClient {
  readonly clientId: string
  readonly clientSecret?: string
  /** Epoch milliseconds; absent when the secret does not expire. */
  readonly clientSecretExpiresAt?: number
  readonly registrationAccessToken?: string
  /** The whole answer, secrets included. */
  readonly raw: Members
}

/**
 * Registers an app at run time, for API gateways. One parent takes a hundred at most.
 *
 * @throws {OAuthError} `oauth/invalid_token` for a wrong initial access token; `oauth/exceeded_registration_limit` …
 * @throws {RequestError} `request/unsendable`, before anything is sent, when no header can carry the initial access token.
 * @throws {TokenError} `token/malformed-answer`
 * @throws {TransportError} `net/*`; with `sent` true the app may have been created.
 * @see RFC 7591 §3
 */
export async function registerClient(
  { client, login }: Pick<TokenEndpoint, 'client' | 'login'>,
  registration: ClientRegistration,
): Promise<RegisteredClient> {
  const url = endpointsOf(login.base).register
  const { initialAccessToken, clientName, redirectUris, contacts } = registration
  const body = {
    client_name: clientName,
    redirect_uris: redirectUris,
    response_types: registration.responseTypes ?? ['code'],
    grant_types: registration.grantTypes ?? ['authorization_code', 'refresh_token'],
    application_type: 'web',
    ...(contacts !== undefined && { contacts }),
  }
  const headers = new Headers({
    accept: 'application/json',
    authorization: `Bearer ${headerValue('initialAccessToken', initialAccessToken)}`,
    'content-type': 'application/json',
  })
  const answer = await client.http.send(url, { method: 'POST', headers, body: JSON.stringify(body) })
  const members = parseMembers(answer.text)
  if (members === undefined || (answer.status !== 200 && answer.status !== 201)) {
    throw (members && readRefusal(members, answer)) ?? unusableAnswer(new URL(url).host, answer.status)
  }
  return decode(members)
}

function decode(raw: Members): RegisteredClient {
  const { client_id: clientId, client_secret: secret, registration_access_token: token } = raw
  const expires = Number(raw['client_secret_expires_at'] ?? 0)
  if (typeof clientId !== 'string' || clientId === '') {
    throw new TokenError('token/malformed-answer', 'The answer to a registration has no client_id.', {
      hint: 'Check that the login URL is a Salesforce host.',
    })
  }
  return {
    clientId,
    raw,
    ...(typeof secret === 'string' && { clientSecret: secret }),
    ...(expires > 0 && Number.isFinite(expires * 1000) && { clientSecretExpiresAt: expires * 1000 }),
    ...(typeof token === 'string' && { registrationAccessToken: token }),
  }
}
