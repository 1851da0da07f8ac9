import { ConfigError } from '../errors/errors.ts'
import type { ConfigFault } from '../errors/errors.ts'
import { consoleLogger, safeLogger } from '../errors/log.ts'
import type { Logger } from '../errors/log.ts'
import { createHttpClient } from '../net/http-client.ts'
import type { Fetch } from '../net/http-client.ts'
import { parseLoginUrl, parseTrustedHost } from '../org/hosts.ts'
import type { ClientAuthentication } from './client-authentication.ts'
import { openDpop } from './dpop.ts'
import type { DpopOptions } from './dpop.ts'
import { createTokenEndpoint } from './token-endpoint.ts'
import type { TokenEndpoint } from './token-endpoint.ts'

export interface TokenEndpointOptions {
  /** The org's My Domain, a site, a generic login host, or a simulator on this machine. */
  loginUrl: string
  /** The Consumer Key. */
  clientId: string
  /** How the client proves itself: `clientSecretPost(secret)`, `privateKeyJwt(key)`, `publicClient()` … */
  clientAuthentication: ClientAuthentication
  /** Hosts outside Salesforce's domains that may serve logins and receive tokens. @default none */
  trustedHosts?: readonly string[]
  /** Binds every token that this endpoint gets to a key, and refuses others. @default not bound */
  dpop?: DpopOptions
  /** @default globalThis.fetch */
  fetch?: Fetch
  /** How long one request may take. Milliseconds. @default 10_000 */
  timeout?: number
  /** Receives redacted events. @default warnings and errors go to the console */
  logger?: Logger
  /** Epoch milliseconds. @default Date.now */
  now?: () => number
}

/**
 * The token endpoint of a login host, as one app: what every flow function takes first.
 * @throws {ConfigError} `config/invalid` with all that cannot be right: login URL, client id, trusted hosts.
 */
export function openTokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const { loginUrl, clientId, clientAuthentication, fetch, timeout, now = Date.now } = options
  const log = safeLogger(options.logger ?? consoleLogger)
  const faults: ConfigFault[] = []
  const trustedHosts = checkTrustedHosts(options.trustedHosts, faults)
  // No baseUrl tells whether this is development: a login host on this machine was written here on purpose.
  const login = parseLoginUrl(loginUrl, { trustedHosts, local: true })
  if (!('kind' in login)) faults.push({ option: 'loginUrl', ...login })
  if (!/^[\x21-\x7e]+$/.test(clientId)) {
    const hint = 'Copy the Consumer Key of your External Client App.'
    faults.push({ option: 'clientId', problem: 'is not a Consumer Key', hint })
  }
  if (faults.length > 0 || !('kind' in login)) throw new ConfigError(faults)
  const http = createHttpClient({ ...(fetch && { fetch }), ...(timeout !== undefined && { timeout }) })
  const dpop = options.dpop === undefined ? {} : { dpop: openDpop(options.dpop, now) }
  return createTokenEndpoint(
    { clientId, authenticate: clientAuthentication, http, trustedHosts, log, now, ...dpop },
    login,
  )
}

// A text has `includes` as well, and would let in whatever host is a part of it.
function checkTrustedHosts(hosts: unknown, faults: ConfigFault[]): readonly string[] {
  const option = 'trustedHosts'
  if (hosts === undefined) return []
  if (!Array.isArray(hosts)) {
    const hint = "List them: ['login.example.com']."
    faults.push({ option, problem: 'is not a list of host names', hint })
    return []
  }
  const parsed = hosts.map((host) => parseTrustedHost(host, { local: true }))
  faults.push(...parsed.flatMap((host) => (typeof host === 'string' ? [] : { option, ...host })))
  return parsed.filter((host) => typeof host === 'string')
}
