import type { RequestAuth } from '../auth/request-auth.ts'
import type { SalesforceAuth } from '../auth/salesforce-auth.ts'
import { DEFAULT_NAME } from '../config-checks.ts'
import { ConfigError } from '../errors/errors.ts'

interface Opened {
  readonly salesforce: SalesforceAuth
  readonly auth: RequestAuth
}

// Keyed by an object that lives as long as the request: no property of it can be taken by another library, and none can be forged.
const opened = new WeakMap<object, Map<string, Opened>>()

/**
 * Remembers the auth that an instance opened for a request, under the instance's name. `request` is any object that
 * there is one of for each request: Node's request, a Fetch `Request`, a framework's context.
 * @throws {ConfigError} `config/duplicate-name` when two instances of one app share a name; `config/invalid` when
 *   an earlier one answers an auth route of this one.
 */
export function rememberAuth(request: object, salesforce: SalesforceAuth, auth: RequestAuth): void {
  const { name } = salesforce
  const byName = opened.get(request) ?? new Map<string, Opened>()
  if (byName.has(name)) {
    const fault = {
      option: 'name',
      problem: `'${name}' is used by two middlewares of this app`,
      hint: "Mount the middleware once, or give each instance a name of its own: salesforceAuth({ name: 'partner' }).",
    }
    throw new ConfigError([fault], 'config/duplicate-name')
  }
  for (const { salesforce: earlier } of byName.values()) requireOwnRoutes(earlier, salesforce)
  opened.set(request, byName.set(name, { salesforce, auth }))
}

/** What an earlier instance answers, a later one never sees: its people would log in with the other one. */
function requireOwnRoutes(earlier: SalesforceAuth, later: SalesforceAuth): void {
  const shared = earlier.routeSharedWith(later)
  if (shared === undefined) return
  const { route, path } = shared
  const fault = {
    option: 'routes',
    problem: `${path} is the ${route} route of both '${earlier.name}' and '${later.name}'`,
    hint: `Give '${later.name}' routes of its own: routes: { ${route}: '/${later.name}${path}' }.`,
  }
  throw new ConfigError([fault])
}

/**
 * The auth of a request, by the object it was remembered for.
 * @throws {ConfigError} `config/not-mounted` when the middleware did not run before.
 */
export function recallAuth(request: object, name: string = DEFAULT_NAME): RequestAuth {
  const auth = opened.get(request)?.get(name)?.auth
  if (auth !== undefined) return auth
  const fault = {
    option: 'salesforceAuth()',
    problem: `did not run for this request under the name '${name}'`,
    hint: 'Mount it before the routes and guards that use it.',
  }
  throw new ConfigError([fault], 'config/not-mounted')
}
