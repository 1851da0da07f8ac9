import { checkDuration } from './oauth/option-checks.ts'
import type { Report } from './oauth/option-checks.ts'
import { parseLoginUrl, parseTrustedHost } from './org/hosts.ts'
import type { HostPolicy, LoginHost } from './org/hosts.ts'
import { toId18 } from './org/ids.ts'
import { isLocalHost } from './org/local.ts'
import type { RouteOptions, SessionOptions } from './options.ts'
import type { SessionLimits } from './session/session.ts'

/** The `name` of an instance that is given none. */
export const DEFAULT_NAME = 'salesforce'

const DAY = 86_400_000
const MIN_SECRET_LENGTH = 32
const SECRET_HINT = 'Make one with: openssl rand -base64 32'

export function checkClientId(value: unknown, report: Report): string {
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return value
  const problem = value === undefined || value === '' ? 'is missing' : 'is not a Consumer Key'
  report('clientId', problem, 'Copy the Consumer Key of your External Client App, or set SALESFORCE_CLIENT_ID.')
  return ''
}

export function checkClientSecrets(value: unknown, report: Report): readonly string[] {
  const secrets = value === undefined ? [] : [value].flat()
  const usable = secrets.filter((secret) => typeof secret === 'string' && /^[\x21-\x7e]+$/.test(secret))
  if (usable.length < secrets.length || (value !== undefined && secrets.length === 0)) {
    report('clientSecret', 'is empty or has spaces', 'Copy the Consumer Secret again, without anything around it.')
  }
  return usable as string[]
}

export function checkBaseUrl(value: unknown, report: Report): URL | undefined {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const problem = value === undefined || value === '' ? 'is missing' : 'is not an http(s) address'
    report('baseUrl', problem, 'Set it, or APP_BASE_URL, to where browsers reach this app: https://app.example.com.')
    return undefined
  }
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    report('baseUrl', 'has a query, a fragment or a user name', `Write only ${url.origin}${url.pathname}.`)
  }
  if (url.pathname.includes('//')) report('baseUrl', 'has two slashes in a row', 'Write one slash between its parts.')
  if (url.protocol === 'http:' && !isLocalHost(url.hostname)) {
    report(
      'baseUrl',
      'is not https',
      'Only an app on localhost may use http: elsewhere cookies and codes would travel in the clear.',
    )
  }
  return url
}

export function checkTrustedHosts(value: unknown, local: boolean, report: Report): readonly string[] {
  if (value === undefined) return []
  return [value].flat().flatMap((host: unknown) => {
    const parsed = parseTrustedHost(host, { local })
    if (typeof parsed === 'string') return [parsed]
    report('trustedHosts', parsed.problem, parsed.hint)
    return []
  })
}

export function checkLoginUrl(value: unknown, policy: HostPolicy, report: Report): LoginHost | undefined {
  if (typeof value !== 'string' || value === '') {
    const hint =
      'Set it, or SALESFORCE_LOGIN_URL, to your My Domain: https://<name>.my.salesforce.com (Setup › My Domain).'
    report('loginUrl', value === undefined || value === '' ? 'is missing' : 'is not a text', hint)
    return undefined
  }
  const login = parseLoginUrl(value, policy)
  if ('kind' in login) return Object.freeze(login)
  report('loginUrl', login.problem, login.hint)
  return undefined
}

export function checkAllowedOrgs(
  value: unknown,
  login: LoginHost | undefined,
  report: Report,
): 'any' | readonly string[] {
  if (value === undefined) {
    if (login?.kind === 'public') {
      const hint =
        "List your orgs' 18-character ids (Setup › Company Information), use your My Domain as loginUrl, or say 'any' on purpose."
      report('allowedOrgs', `is missing, and ${login.origin} lets users of every Salesforce org in`, hint)
    }
    return 'any'
  }
  if (value === 'any') return 'any'
  if (!Array.isArray(value) || value.length === 0) {
    report('allowedOrgs', "is neither 'any' nor a list of org ids", "Write ['00D…'] with 18-character ids, or 'any'.")
    return []
  }
  for (const id of value as unknown[]) {
    const id18 = typeof id === 'string' && id.startsWith('00D') ? toId18(id) : undefined
    if (id18 === undefined) {
      report(
        'allowedOrgs',
        'contains something that is not an org id',
        'An org id begins with 00D and has 18 characters: Setup › Company Information.',
      )
    } else if (id18 !== id) {
      report('allowedOrgs', `contains a 15-character org id`, `Write its 18-character form, ${id18}.`)
    }
  }
  return value as string[]
}

export function checkScope(value: unknown, report: Report): readonly string[] {
  const scope = typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value
  const valid =
    Array.isArray(scope) &&
    scope.length > 0 &&
    scope.every((name) => typeof name === 'string' && /^[\w.:/-]+$/.test(name))
  if (!valid) report('scope', 'is not a list of scope names', "Write 'openid id api refresh_token', or a list.")
  return valid ? [...new Set(scope as string[])] : []
}

export function checkName(value: unknown, report: Report): string {
  if (typeof value === 'string' && /^[a-z][a-zA-Z0-9]{0,30}$/.test(value)) return value
  report(
    'name',
    'is not a plain identifier',
    "Write letters and digits, beginning with a small letter: 'salesforce', 'partnerOrg'.",
  )
  return DEFAULT_NAME
}

/** Whether the secrets may sign sessions. Without any, only a local app may go on, with one that dies with the process. */
export function checkSessionSecrets(value: readonly unknown[], local: boolean, report: Report): readonly string[] {
  if (value.length === 0 && !local) {
    report('session.secret', 'is missing', `Set it, or SESSION_SECRET. ${SECRET_HINT}`)
  }
  for (const secret of value) {
    if (typeof secret !== 'string' || secret.length < MIN_SECRET_LENGTH) {
      report('session.secret', `is shorter than ${MIN_SECRET_LENGTH} characters`, SECRET_HINT)
    } else if (new Set(secret).size < 8) {
      report('session.secret', 'is not random: it has hardly any different characters', SECRET_HINT)
    }
  }
  return value as string[]
}

export function checkLimits(session: SessionOptions, report: Report): SessionLimits {
  const idle = checkDuration('session.idleTimeout', session.idleTimeout ?? DAY, report)
  const absolute = checkDuration('session.absoluteTimeout', session.absoluteTimeout ?? 7 * DAY, report)
  if (idle > absolute && session.idleTimeout !== undefined) {
    report('session.idleTimeout', 'is longer than session.absoluteTimeout', 'Make it the shorter of the two.')
  }
  return Object.freeze({ idle: Math.min(idle, absolute), absolute, rolling: session.rolling ?? true })
}

const STORE_METHODS = ['get', 'set', 'delete', 'list', 'keys', 'withLock']

export function requireStore(option: string, store: unknown, report: Report): void {
  const lacking = STORE_METHODS.filter(
    (method) => typeof (store as Record<string, unknown> | null)?.[method] !== 'function',
  )
  if (lacking.length === 0) return
  report(option, `lacks ${lacking.join(', ')}`, 'Give a store of this kit, or one that passes its contract.')
}

export type RouteName = keyof Required<RouteOptions>
export type Routes = Readonly<Record<RouteName, string | false>>

/** Where RFC 9728 looks for the document about a protected resource. */
export const RESOURCE_METADATA_PATH = '/.well-known/oauth-protected-resource'

const ROUTES = {
  login: '/auth/login',
  callback: '/auth/callback',
  logout: '/auth/logout',
  connect: '/auth/connect',
  disconnect: '/auth/disconnect',
  resourceMetadata: RESOURCE_METADATA_PATH,
} as const

export function checkRoutes(value: RouteOptions, report: Report): Routes {
  const routes: Record<RouteName, string | false> = { ...ROUTES }
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(ROUTES, name))
      report(`routes.${name}`, 'is not a route', `Routes are ${Object.keys(ROUTES).join(', ')}.`)
  }
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const path = value[name] ?? ROUTES[name]
    if (path !== false && (typeof path !== 'string' || !/^(?:\/(?!\.\.?(?:\/|$))[\w.~-]+)+$/.test(path))) {
      report(`routes.${name}`, 'is not a plain path', `Write it like ${ROUTES[name]}, or false to leave it out.`)
    } else {
      routes[name] = path
    }
  }
  const paths = Object.values(routes).filter((path) => path !== false)
  if (new Set(paths).size < paths.length) report('routes', 'use one path twice', 'Give each route a path of its own.')
  return Object.freeze(routes)
}
