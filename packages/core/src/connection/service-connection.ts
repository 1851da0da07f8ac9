import { ConfigError } from '../errors/errors.ts'
import type { ConfigFault } from '../errors/errors.ts'
import { noClientAuthentication } from '../oauth/client-authentication.ts'
import type { ClientAuthentication } from '../oauth/client-authentication.ts'
import { checkEndpoint, openTokenEndpoint } from '../oauth/open-token-endpoint.ts'
import type { TokenEndpointOptions } from '../oauth/open-token-endpoint.ts'
import { checkDuration, checkSwitch, reportTo } from '../oauth/option-checks.ts'
import { introspectToken } from '../resources/introspect.ts'
import { Connection } from './connection.ts'
import type { ServiceGrant } from './service-grant.ts'
import { ServiceTokens } from './service-tokens.ts'

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

/**
 * A connection that no person has to log in for. The token is asked for at the first call, by one request however many
 * callers, and kept in memory until its end or until Salesforce refuses it: make one connection per app and user, and
 * keep it. A failed login is not repeated for seconds, or minutes when Salesforce's limit of 3,600 logins an hour and
 * user is reached: until the error's `retryAt` every call gets the same error.
 *
 * @throws {ConfigError} `config/invalid` with all that cannot be right, the grant's user name and the form of its key
 *   included. A key that only looks right fails at the first call, with the same error at each.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm
 */
export function createServiceConnection(options: ServiceConnectionOptions): Connection {
  const { grant, clientAuthentication = noClientAuthentication(), tokenExpiry = {}, ...where } = options
  requireSound({ ...options, clientAuthentication })
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

function requireSound(options: ServiceConnectionOptions & TokenEndpointOptions): void {
  const faults: ConfigFault[] = []
  const report = reportTo(faults)
  const { login } = checkEndpoint(options, report)
  const { grant, tokenExpiry = {} } = options
  if (typeof grant === 'function') faults.push(...(grant.faults?.(login) ?? []))
  else {
    const problem = grant === undefined ? 'is missing' : 'is not a function'
    report('grant', problem, 'Give jwtBearerGrant({ key, username }) or clientCredentialsGrant().')
  }
  const { introspect, sessionTimeout } = tokenExpiry
  checkSwitch('tokenExpiry.introspect', introspect, report)
  if (sessionTimeout !== undefined) checkDuration('tokenExpiry.sessionTimeout', sessionTimeout, report)
  if (faults.length > 0) throw new ConfigError(faults)
}
