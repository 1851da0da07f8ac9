import { importPrivateKey } from '../crypto/private-key.ts'
import { clientCredentials } from '../flows/client-credentials.ts'
import { jwtBearer } from '../flows/jwt-bearer.ts'
import type { JwtBearerGrant } from '../flows/jwt-bearer.ts'
import { noClientAuthentication } from '../oauth/client-authentication.ts'
import type { ClientAuthentication } from '../oauth/client-authentication.ts'
import { openTokenEndpoint } from '../oauth/open-token-endpoint.ts'
import type { TokenEndpointOptions } from '../oauth/open-token-endpoint.ts'
import { introspectToken } from '../resources/introspect.ts'
import { Connection } from './connection.ts'
import { ServiceTokens } from './service-tokens.ts'
import type { ServiceGrant } from './service-tokens.ts'

export interface ServiceConnectionOptions extends Omit<TokenEndpointOptions, 'clientAuthentication'> {
  /** `jwtBearerGrant({ key, username })` or `clientCredentialsGrant()`. */
  grant: ServiceGrant
  /**
   * How the client proves itself, in the client credentials grant and in introspection.
   * @default noClientAuthentication(), which is right for JWT bearer
   */
  clientAuthentication?: ClientAuthentication
  /** How to learn when a token ends: Salesforce rarely says. Without, it is used until a call is refused. */
  tokenExpiry?: {
    /** Asks Salesforce once per token. @default false */
    introspect?: boolean
    /** The app's session timeout. Milliseconds. @default unknown */
    sessionTimeout?: number
  }
}

/** Logs in as one user with the app's private key. The key is imported once. */
export function jwtBearerGrant(grant: JwtBearerGrant): ServiceGrant {
  let imported: ReturnType<typeof importPrivateKey> | undefined
  return async (endpoint) => {
    imported ??= importPrivateKey(grant.key)
    return jwtBearer(endpoint, { ...grant, key: await imported })
  }
}

/** Logs in as the app's Run As user with the app's secret. My Domain only. */
export function clientCredentialsGrant(): ServiceGrant {
  return (endpoint) => clientCredentials(endpoint)
}

/**
 * A connection that no person has to log in for. The token is asked for at the first call, by one request however many
 * callers, and kept in memory until its end or until Salesforce refuses it: make one connection per app and user, and
 * keep it. A failed login is not repeated for seconds, or minutes when Salesforce's limit of 3,600 logins an hour and
 * user is reached: until the error's `retryAt` every call gets the same error.
 *
 * @throws {ConfigError} `config/invalid` when the login URL or the client id cannot be right.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm
 */
export function createServiceConnection(options: ServiceConnectionOptions): Connection {
  const { grant, clientAuthentication = noClientAuthentication(), tokenExpiry = {}, ...where } = options
  const endpoint = openTokenEndpoint({ ...where, clientAuthentication })
  const { client, login } = endpoint
  const { introspect = false, sessionTimeout } = tokenExpiry
  const tokens = new ServiceTokens(endpoint, grant, {
    ...(sessionTimeout !== undefined && { sessionTimeout }),
    ...(introspect && {
      async introspect(accessToken) {
        const answer = await introspectToken({ client, base: login.base }, accessToken)
        return answer.active ? answer.expiresAt : undefined
      },
    }),
  })
  return new Connection(tokens, { client, loginBase: async () => login.base })
}
