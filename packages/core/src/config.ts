import { checkBearer } from './config-bearer.ts'
import type { BearerConfig } from './config-bearer.ts'
import { checkConnect } from './config-connect.ts'
import type { ClientConfig, ConnectConfig } from './config-connect.ts'
import { checkShape } from './config-shape.ts'
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
import { checkDuration, reportTo } from './oauth/option-checks.ts'
import type { Report } from './oauth/option-checks.ts'
import type { LoginHost } from './org/hosts.ts'
import { isLocalHost } from './org/local.ts'
import type { Environment, SalesforceAuthOptions } from './options.ts'
import type { SessionLimits } from './session/session.ts'

/** Options, environment and defaults, checked and frozen. */
export interface Config extends ClientConfig {
  readonly login: LoginHost
  readonly baseUrl: URL
  /** The path of `baseUrl` without a slash at its end: '' for most apps. */
  readonly basePath: string
  readonly secure: boolean
  readonly allowedOrgs: 'any' | readonly string[]
  readonly trustedHosts: readonly string[]
  readonly scope: readonly string[]
  readonly name: string
  /** What seals and stored keys are bound to: the name and, where one process serves several tenants, the tenant. */
  readonly realm: string
  readonly secrets: readonly string[]
  readonly limits: SessionLimits
  readonly routes: Routes
  readonly redirectUri: string
  readonly bearer?: BearerConfig
  readonly connect?: ConnectConfig
  /** How long guards believe a fact. Milliseconds. */
  readonly factTtl: number
  readonly log: Logger
  readonly now: () => number
}

/**
 * Checks options and environment.
 * @throws {ConfigError} `config/invalid` with every fault, not only the first.
 */
export function resolveConfig(options: SalesforceAuthOptions, environment: Environment, tenant?: string): Config {
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
  const policy = { trustedHosts, local: mayBeLocal }
  const bearer = checkBearer(options.bearer, { ...policy, login }, report)
  const client: ClientConfig = {
    clientId: checkClientId(options.clientId ?? environment['SALESFORCE_CLIENT_ID'], report),
    clientSecrets,
    clientAuthentication: clientAuthenticationOf(options, { environment, clientSecrets, report }),
  }
  const scope = checkScope(options.scope ?? 'openid id api refresh_token', report)
  const connect = checkConnect(
    options.connect,
    { ...client, ...policy, login, scope, sessionStore: session.store, hasSecret: secrets.length > 0 },
    report,
  )
  const name = checkName(options.name ?? DEFAULT_NAME, report)
  const checked = {
    ...client,
    allowedOrgs: checkAllowedOrgs(options.allowedOrgs, login, report),
    trustedHosts,
    scope,
    name,
    realm: tenant === undefined ? name : `${name}@${encodeURIComponent(tenant)}`,
    limits: checkLimits(session, report),
    routes,
    factTtl: checkDuration('guards.factTtl', options.guards?.factTtl ?? 60_000, report),
    ...(bearer && { bearer }),
    ...(connect && { connect }),
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
  if ([session.store, connect?.store].some((store) => store?.reach === 'process')) {
    const message =
      'The store keeps everything in this process only: another process does not see it, and a restart loses it.'
    checked.log({ level: local ? 'info' : 'warn', event: 'config/process-store', message })
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
