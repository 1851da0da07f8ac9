import { ConfigError } from '../errors/errors.ts'
import type { ConfigFault } from '../errors/errors.ts'
import { consoleLogger, safeLogger } from '../errors/log.ts'
import type { Logger } from '../errors/log.ts'
import { createHttpClient } from '../net/http-client.ts'
import type { Fetch } from '../net/http-client.ts'
import { parseLoginUrl, parseTrustedHost } from '../org/hosts.ts'
import type { LoginHost } from '../org/hosts.ts'
import type { ClientAuthentication } from './client-authentication.ts'
import { openDpop } from './dpop.ts'
import type { DpopOptions } from './dpop.ts'
import { checkDpop, checkFunction, checkTimeout, reportTo } from './option-checks.ts'
import type { Report } from './option-checks.ts'
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
 * @throws {ConfigError} `config/invalid` with all that cannot be right.
 */
export function openTokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const faults: ConfigFault[] = []
  const { login, trustedHosts } = checkEndpoint(options, reportTo(faults))
  if (login === undefined || faults.length > 0) throw new ConfigError(faults)
  const { clientId, clientAuthentication, fetch, timeout, now = Date.now } = options
  const log = safeLogger(options.logger ?? consoleLogger)
  const http = createHttpClient({ ...(fetch && { fetch }), ...(timeout !== undefined && { timeout }) })
  const dpop = options.dpop === undefined ? {} : { dpop: openDpop(options.dpop, now) }
  return createTokenEndpoint(
    { clientId, authenticate: clientAuthentication, http, trustedHosts, log, now, ...dpop },
    login,
  )
}

interface EndpointHosts {
  readonly login: LoginHost | undefined
  readonly trustedHosts: readonly string[]
}

/** The hosts that the options name, while everything that is wrong with the options is reported. */
export function checkEndpoint(options: TokenEndpointOptions, report: Report): EndpointHosts {
  const trustedHosts = checkTrustedHosts(options.trustedHosts, report)
  const login = checkLoginHost(options.loginUrl, trustedHosts, report)
  checkClientId(options.clientId, report)
  if (options.clientAuthentication === undefined) {
    report('clientAuthentication', 'is missing', 'Give clientSecretPost(secret), privateKeyJwt(key) or publicClient().')
  }
  for (const name of ['clientAuthentication', 'fetch', 'logger', 'now'] as const) {
    checkFunction(name, options[name], report)
  }
  if (options.timeout !== undefined) checkTimeout(options.timeout, report)
  if (options.dpop !== undefined) checkDpop(options.dpop, report)
  return { login, trustedHosts }
}

function checkLoginHost(value: unknown, trustedHosts: readonly string[], report: Report): LoginHost | undefined {
  if (typeof value !== 'string' || value === '') {
    const problem = value === undefined || value === '' ? 'is missing' : 'is not a text'
    report('loginUrl', problem, 'Set it to your My Domain: https://<name>.my.salesforce.com (Setup › My Domain).')
    return undefined
  }
  // No baseUrl tells whether this is development: a login host on this machine was written here on purpose.
  const login = parseLoginUrl(value, { trustedHosts, local: true })
  if ('kind' in login) return login
  report('loginUrl', login.problem, login.hint)
  return undefined
}

function checkClientId(value: unknown, report: Report): void {
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return
  const problem = value === undefined || value === '' ? 'is missing' : 'is not a Consumer Key'
  report('clientId', problem, 'Copy the Consumer Key of your External Client App.')
}

// A text has `includes` as well, and would let in whatever host is a part of it.
function checkTrustedHosts(hosts: unknown, report: Report): readonly string[] {
  if (hosts === undefined) return []
  if (!Array.isArray(hosts)) {
    report('trustedHosts', 'is not a list of host names', "List them: ['login.example.com'].")
    return []
  }
  return hosts.flatMap((host) => {
    const parsed = parseTrustedHost(host, { local: true })
    if (typeof parsed === 'string') return [parsed]
    report('trustedHosts', parsed.problem, parsed.hint)
    return []
  })
}
