import { requireStore } from './config-checks.ts'
import { ConfigError } from './errors/errors.ts'
import { checkDpop, checkDuration, checkFunction, checkSwitch, checkTimeout } from './oauth/option-checks.ts'
import type { Report } from './oauth/option-checks.ts'
import type { SalesforceAuthOptions } from './options.ts'

/** Names of options by the object they stand in; '' is the outermost. */
const OPTIONS = {
  '': 'clientId clientSecret privateKey clientAuthentication loginUrl baseUrl allowedOrgs trustedHosts scope name session connect routes tokenExpiry bearer guards dpop fetch timeout now logger onLogin onRefresh onRefreshError onLogout onConnect onDisconnect onNeedsReconnect',
  session: 'secret idleTimeout absoluteTimeout rolling store',
  tokenExpiry: 'introspect sessionTimeout',
  bearer: 'issuers clientIds audience scopes opaque',
  guards: 'factTtl',
  dpop: 'key',
  connect: 'store clientId clientSecret privateKey clientAuthentication loginUrl allowedOrgs scope',
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
  'onConnect',
  'onDisconnect',
  'onNeedsReconnect',
] as const

/**
 * Checks that the options are options, and of the kind that they have to be.
 * @throws {ConfigError} at once for a group of options that is no object: nothing in it can be read.
 */
export function checkShape(options: SalesforceAuthOptions, report: Report): void {
  requireObject('options', options)
  for (const name of ['session', 'connect', 'routes', 'tokenExpiry', 'bearer', 'guards'] as const)
    requireObject(name, options[name])
  checkNames('', options, report)
  checkNames('session', options.session ?? {}, report)
  checkNames('tokenExpiry', options.tokenExpiry ?? {}, report)
  checkNames('connect', options.connect ?? {}, report)
  checkNames('bearer', options.bearer ?? {}, report)
  checkNames('guards', options.guards ?? {}, report)
  checkSwitch('session.rolling', options.session?.rolling, report)
  checkSwitch('tokenExpiry.introspect', options.tokenExpiry?.introspect, report)
  for (const name of FUNCTIONS) checkFunction(name, options[name], report)
  if (options.dpop !== undefined) checkDpop(options.dpop, report)
  if (options.timeout !== undefined) checkTimeout(options.timeout, report)
  const { sessionTimeout } = options.tokenExpiry ?? {}
  if (sessionTimeout !== undefined) checkDuration('tokenExpiry.sessionTimeout', sessionTimeout, report)
  if (options.session?.store !== undefined) requireStore('session.store', options.session.store, report)
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
