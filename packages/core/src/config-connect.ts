import {
  checkAllowedOrgs,
  checkClientId,
  checkClientSecrets,
  checkLoginUrl,
  checkScope,
  requireStore,
} from './config-checks.ts'
import { keyFaults } from './crypto/private-key.ts'
import { clientSecretPost, signedByKeyOf } from './oauth/client-authentication.ts'
import type { ClientAuthentication } from './oauth/client-authentication.ts'
import { checkFunction } from './oauth/option-checks.ts'
import type { Report } from './oauth/option-checks.ts'
import type { HostPolicy, LoginHost } from './org/hosts.ts'
import type { ConnectOptions } from './options.ts'
import type { KeyValueStore } from './store/key-value.ts'

/** How an app proves itself to Salesforce. */
export interface ClientConfig {
  readonly clientId: string
  readonly clientSecrets: readonly string[]
  readonly clientAuthentication: ClientAuthentication
}

/** The option `connect`, checked. */
export interface ConnectConfig extends ClientConfig {
  readonly store: KeyValueStore
  readonly login: LoginHost | undefined
  readonly allowedOrgs: 'any' | readonly string[]
  readonly scope: readonly string[]
}

interface Surroundings extends ClientConfig, HostPolicy {
  readonly login: LoginHost | undefined
  readonly scope: readonly string[]
  readonly sessionStore: KeyValueStore | undefined
  /** Whether a secret was set that outlives this process. */
  readonly hasSecret: boolean
}

/** Checks the option `connect`; `undefined` when the app stores no connections. */
export function checkConnect(
  options: ConnectOptions | undefined,
  around: Surroundings,
  outer: Report,
): ConnectConfig | undefined {
  if (options === undefined) return undefined
  const report: Report = (option, problem, hint) => outer(`connect.${option}`, problem, hint)
  const store = options.store ?? around.sessionStore
  if (store === undefined) {
    report('store', 'is missing', 'Give a store that all processes share, or memoryStore() while there is only one.')
    return undefined
  }
  if (options.store !== undefined) requireStore('store', options.store, report)
  if (!around.hasSecret && store.reach !== 'process') {
    const hint = 'Set session.secret, or SESSION_SECRET. Make one with: openssl rand -base64 32'
    outer('session.secret', 'is missing, and nobody could read the stored connections once this process ends', hint)
  }
  const { loginUrl, allowedOrgs = 'any', scope } = options
  const login = loginUrl === undefined ? around.login : checkLoginUrl(loginUrl, around, report)
  const granted = scope === undefined ? around.scope : checkScope(scope, report)
  if (granted.length > 0 && !granted.some((name) => name === 'refresh_token' || name === 'offline_access')) {
    const hint = "Write 'api refresh_token', and whatever else your calls need."
    report('scope', 'has no refresh_token, so a connection would end with its first access token', hint)
  }
  return {
    store,
    login,
    allowedOrgs: checkAllowedOrgs(allowedOrgs, login, report),
    scope: granted,
    ...clientOf(options, around, report),
  }
}

function clientOf(options: ConnectOptions, around: ClientConfig, report: Report): ClientConfig {
  const { clientId, clientSecret, privateKey, clientAuthentication } = options
  if (clientId === undefined) {
    if (clientSecret !== undefined || privateKey !== undefined || clientAuthentication !== undefined) {
      report(
        'clientId',
        'is missing, though another of its client options is there',
        'Give the Consumer Key they are of.',
      )
    }
    const { clientId: id, clientSecrets, clientAuthentication: authenticate } = around
    return { clientId: id, clientSecrets, clientAuthentication: authenticate }
  }
  checkFunction('clientAuthentication', clientAuthentication, report)
  const clientSecrets = checkClientSecrets(clientSecret, report)
  return {
    clientId: checkClientId(clientId, report),
    clientSecrets,
    clientAuthentication: clientAuthentication ?? proofOf(privateKey, clientSecrets, report),
  }
}

function proofOf(
  privateKey: ConnectOptions['privateKey'],
  [secret]: readonly string[],
  report: Report,
): ClientAuthentication {
  if (privateKey !== undefined) {
    for (const { option, problem, hint } of keyFaults('privateKey', privateKey)) report(option, problem, hint)
    return signedByKeyOf('connect.privateKey', privateKey)
  }
  if (secret === undefined) {
    const hint = 'Give the Consumer Secret of connect.clientId, or its privateKey, or clientAuthentication.'
    report('clientSecret', 'is missing', hint)
  }
  return clientSecretPost(secret ?? '')
}
