import type { ClientConfig } from '../config-connect.ts'
import { withExpiry } from '../connection/expiry.ts'
import type { ExpiryPolicy } from '../connection/expiry.ts'
import { holdTokens, identityOf } from '../connection/held-tokens.ts'
import type { RefreshDependencies } from '../connection/refresh.ts'
import { TokenError } from '../errors/errors.ts'
import { refreshToken } from '../flows/refresh-token.ts'
import type { HttpClient } from '../net/http-client.ts'
import type { Client } from '../oauth/client.ts'
import { discard } from '../oauth/discard.ts'
import { verifySignature } from '../oauth/signature.ts'
import { createTokenEndpoint } from '../oauth/token-endpoint.ts'
import { endpointsOf } from '../org/endpoints.ts'
import type { LoginHost } from '../org/hosts.ts'
import type { SalesforceAuthOptions } from '../options.ts'
import { introspectToken } from '../resources/introspect.ts'
import type { Grants } from './kit.ts'

interface GrantsOptions extends Pick<SalesforceAuthOptions, 'tokenExpiry'> {
  readonly clientSecrets: ClientConfig['clientSecrets']
}

/** Given up early, a slow answer would be lost with the only token that lives, and the next attempt end the grant. */
const SPEND_PATIENCE = 3

/** How the grants of one client are checked, renewed and ended. */
export function createGrants(
  client: Client,
  options: GrantsOptions,
): Grants & Pick<RefreshDependencies, 'send' | 'spendTimeout'> {
  const accept = acceptor(client, options)
  const spendTimeout = SPEND_PATIENCE * client.http.timeout
  const patient = { ...client, http: client.http.withTimeout(spendTimeout) }
  return {
    client,
    accept,
    discard: (login, { refreshToken: refresh, accessToken }) => discard(client, login, refresh ?? accessToken),
    spendTimeout,
    async send(login, previous, ready) {
      const http: HttpClient = {
        ...patient.http,
        async send(url, request) {
          // Not before what is revoked behind an error.
          if (url === endpointsOf(login.base).token) ready()
          return patient.http.send(url, request)
        },
      }
      const endpoint = createTokenEndpoint({ ...patient, http }, login)
      const answer = await refreshToken(endpoint, previous.refreshToken ?? '', { previous })
      try {
        return await accept(answer, login, previous)
      } catch (error) {
        // The spent token died for this one, which nobody will use: the next attempt finds that out.
        if (answer.refreshToken !== undefined && answer.refreshToken !== previous.refreshToken) {
          void discard(client, login, answer.refreshToken)
        }
        throw error
      }
    },
  }
}

function acceptor(client: Client, { clientSecrets, tokenExpiry = {} }: GrantsOptions): Grants['accept'] {
  const { introspect = false, sessionTimeout } = tokenExpiry
  const policyAt = ({ base }: LoginHost): ExpiryPolicy => ({
    ...(sessionTimeout !== undefined && { sessionTimeout }),
    ...(introspect && {
      async introspect(accessToken) {
        const answer = await introspectToken({ client, base }, accessToken)
        return answer.active ? answer.expiresAt : undefined
      },
    }),
  })
  return async (answer, login, previous) => {
    await verifySignature(answer, clientSecrets)
    const identity = identityOf(answer, previous)
    if (
      previous !== undefined &&
      (identity.orgId !== previous.identity.orgId || identity.userId !== previous.identity.userId)
    ) {
      throw new TokenError('token/org-changed', 'A refresh answered the token of another org or user.', {
        hint: 'Log in again.',
      })
    }
    return holdTokens({ ...(await withExpiry(answer, policyAt(login), client.now())), identity }, previous)
  }
}
