import { checkBearer } from './config-bearer.ts'
import type { BearerConfig } from './config-bearer.ts'
import {
  checkAllowedOrgs,
  checkBaseUrl,
  checkClientId,
  checkClientSecrets,
  checkLimits,
  checkLoginUrl,
  checkName,
  checkRoutes,
  checkScope,
  checkSessionSecrets,
  checkTrustedHosts,
  DEFAULT_NAME,
} from './config-checks.ts'
import type { Routes } from './config-checks.ts'
import { randomSecret } from './crypto/pkce.ts'
import { keyFaults } from './crypto/private-key.ts'
import { ConfigError } from './errors/errors.ts'
import type { ConfigFault } from './errors/errors.ts'
import { consoleLogger, safeLogger } from './errors/log.ts'
import type { Logger } from './errors/log.ts'
import { clientSecretPost, signedByKeyOf } from './oauth/client-authentication.ts'
import type { ClientAuthentication } from './oauth/client-authentication.ts'
import { checkDpop, checkDuration, checkFunction, checkSwitch, checkTimeout, reportTo } from './oauth/option-checks.ts'
import type { Report } from './oauth/option-checks.ts'
import type { LoginHost } from './org/hosts.ts'
import { isLocalHost } from './org/local.ts'
import type { Environment, SalesforceAuthOptions } from './options.ts'
import type { SessionLimits } from './session/session.ts'

/** Options, environment and defaults, checked and frozen. */
export interface Config {
  readonly clientId: string
  readonly clientSecrets: readonly string[]
  readonly clientAuthentication: ClientAuthentication
  readonly login: LoginHost
  readonly baseUrl: URL
  /** The path of `baseUrl` without a slash at its end: '' for most apps. */
  readonly basePath: string
  readonly secure: boolean
  readonly allowedOrgs: 'any' | readonly string[]
  readonly trustedHosts: readonly string[]
  readonly scope: readonly string[]
  readonly name: string
  readonly secrets: readonly string[]
  readonly limits: SessionLimits
  readonly routes: Routes
  readonly redirectUri: string
  readonly bearer?: BearerConfig
  /** How long guards believe a fact. Milliseconds. */
  readonly factTtl: number
  readonly log: Logger
  readonly now: () => number
}

/** Names of options by the object they stand in; '' is the outermost. */
const OPTIONS = {
  '': 'clientId clientSecret privateKey clientAuthentication loginUrl baseUrl allowedOrgs trustedHosts scope name session routes tokenExpiry bearer guards dpop fetch timeout now logger onLogin onRefresh onRefreshError onLogout',
  session: 'secret idleTimeout absoluteTimeout rolling store',
  tokenExpiry: 'introspect sessionTimeout',
  bearer: 'issuers clientIds audience scopes opaque',
  guards: 'factTtl',
  dpop: 'key',
}
const FUNCTIONS = [
  'clientAuthentication',
  'fetch',
  'now',
  'logger',
  'onLogin',
  'onRefresh',
  'onRefreshError',
  'onLogout',
] as const

/**
 * Checks options and environment.
 * @throws {ConfigError} `config/invalid` with every fault, not only the first.
 */
export function resolveConfig(options: SalesforceAuthOptions, environment: Environment): Config {
  requireObject('options', options)
  for (const name of ['session', 'routes', 'tokenExpiry', 'bearer', 'guards'] as const)
    requireObject(name, options[name])
  const faults: ConfigFault[] = []
  const report = reportTo(faults)
  checkShape(options, report)

  const session = options.session ?? {}
  const baseUrl = checkBaseUrl(options.baseUrl ?? environment['APP_BASE_URL'], report)
  const local = baseUrl !== undefined && isLocalHost(baseUrl.hostname)
  // A base URL that cannot be read is one fault; what depends on it would only add false ones.
  const mayBeLocal = baseUrl === undefined || local
  const trustedHosts = checkTrustedHosts(options.trustedHosts, local, report)
  const login = checkLoginUrl(
    options.loginUrl ?? environment['SALESFORCE_LOGIN_URL'],
    { trustedHosts, local: mayBeLocal },
    report,
  )
  const clientSecrets = checkClientSecrets(
    options.clientSecret ?? (environment['SALESFORCE_CLIENT_SECRET'] || undefined),
    report,
  )
  const secrets = checkSessionSecrets(sessionSecrets(options, environment), local, report)
  const routes = checkRoutes(options.routes ?? {}, report)
  const bearer = checkBearer(options.bearer, { trustedHosts, local: mayBeLocal, login }, report)
  const checked = {
    clientId: checkClientId(options.clientId ?? environment['SALESFORCE_CLIENT_ID'], report),
    clientSecrets,
    clientAuthentication: clientAuthenticationOf(options, { environment, clientSecrets, report }),
    allowedOrgs: checkAllowedOrgs(options.allowedOrgs, login, report),
    trustedHosts,
    scope: checkScope(options.scope ?? 'openid id api refresh_token', report),
    name: checkName(options.name ?? DEFAULT_NAME, report),
    limits: checkLimits(session, report),
    routes,
    factTtl: checkDuration('guards.factTtl', options.guards?.factTtl ?? 60_000, report),
    ...(bearer && { bearer }),
    log: safeLogger(typeof options.logger === 'function' ? options.logger : consoleLogger),
    now: options.now ?? Date.now,
  }
  if (routes.callback !== false && baseUrl?.pathname.endsWith(routes.callback)) {
    report(
      'baseUrl',
      'ends with the callback route',
      `Write only ${baseUrl.origin}: ${routes.callback} is added to it.`,
    )
  }
  if (faults.length > 0 || login === undefined || baseUrl === undefined) throw new ConfigError(faults)

  const basePath = baseUrl.pathname.replace(/\/+$/, '')
  if (secrets.length === 0) {
    const message = 'No session secret is set: sessions end with this process. Set SESSION_SECRET to keep them.'
    checked.log({ level: 'info', event: 'config/ephemeral-secret', message })
  }
  return Object.freeze({
    ...checked,
    login,
    baseUrl,
    basePath,
    secure: baseUrl.protocol === 'https:',
    secrets: secrets.length === 0 ? [randomSecret()] : secrets,
    redirectUri: `${baseUrl.origin}${basePath}${routes.callback || '/auth/callback'}`,
  })
}

function checkNames(where: keyof typeof OPTIONS, value: object, report: Report): void {
  const known = OPTIONS[where].split(' ')
  const prefix = where === '' ? '' : `${where}.`
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue
    const near = known.find((option) => option.toLowerCase() === name.toLowerCase())
    const hint = near === undefined ? `Options are ${known.join(', ')}.` : `Did you mean ${prefix}${near}?`
    report(prefix + name, 'is not an option', hint)
  }
}

function requireObject(option: string, value: unknown): void {
  if (value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value))) return
  throw new ConfigError([
    { option, problem: 'is not an object', hint: 'Give an object with options, or leave it out.' },
  ])
}

function checkShape(options: SalesforceAuthOptions, report: Report): void {
  checkNames('', options, report)
  checkNames('session', options.session ?? {}, report)
  checkNames('tokenExpiry', options.tokenExpiry ?? {}, report)
  checkNames('bearer', options.bearer ?? {}, report)
  checkNames('guards', options.guards ?? {}, report)
  checkSwitch('session.rolling', options.session?.rolling, report)
  checkSwitch('tokenExpiry.introspect', options.tokenExpiry?.introspect, report)
  for (const name of FUNCTIONS) checkFunction(name, options[name], report)
  if (options.dpop !== undefined) checkDpop(options.dpop, report)
  if (options.timeout !== undefined) checkTimeout(options.timeout, report)
  const { sessionTimeout } = options.tokenExpiry ?? {}
  if (sessionTimeout !== undefined) checkDuration('tokenExpiry.sessionTimeout', sessionTimeout, report)
  const store: unknown = options.session?.store
  const methods = ['get', 'set', 'delete', 'withLock']
  if (
    store !== undefined &&
    methods.some((method) => typeof (store as Record<string, unknown> | null)?.[method] !== 'function')
  ) {
    report(
      'session.store',
      `lacks one of ${methods.join(', ')}`,
      'Give a store of this kit, or one that passes its contract.',
    )
  }
}

function sessionSecrets({ session }: SalesforceAuthOptions, environment: Environment): readonly unknown[] {
  if (session?.secret !== undefined) return [session.secret].flat()
  return (environment['SESSION_SECRET'] ?? '')
    .split(',')
    .map((secret) => secret.trim())
    .filter(Boolean)
}

interface ClientProof {
  environment: Environment
  clientSecrets: readonly string[]
  report: Report
}

function clientAuthenticationOf(
  options: SalesforceAuthOptions,
  { environment, clientSecrets, report }: ClientProof,
): ClientAuthentication {
  if (options.clientAuthentication !== undefined) return options.clientAuthentication
  const privateKey = options.privateKey ?? (environment['SALESFORCE_PRIVATE_KEY'] || undefined)
  if (privateKey !== undefined) {
    for (const { option, problem, hint } of keyFaults('privateKey', privateKey)) report(option, problem, hint)
    return signedByKeyOf('privateKey', privateKey)
  }
  const [secret] = clientSecrets
  if (options.clientSecret === undefined && !environment['SALESFORCE_CLIENT_SECRET']) {
    const hint =
      'Set it, or SALESFORCE_CLIENT_SECRET, to the Consumer Secret; or give privateKey; or clientAuthentication: publicClient().'
    report('clientSecret', 'is missing', hint)
  }
  return clientSecretPost(secret ?? '')
}
