import type { RequestAuth } from '../auth/request-auth.ts'
import { ConfigError } from '../errors/errors.ts'

// Keyed by an object that lives as long as the request: no property of it can be taken by another library, and none can be forged.
const opened = new WeakMap<object, Map<string, RequestAuth>>()

/**
 * Remembers the auth of a request under the instance's name. `request` is any object that there is one of for each
 * request: Node's request, a Fetch `Request`, a framework's context.
 * @throws {ConfigError} `config/duplicate-name` when two instances of one app share a name.
 */
export function rememberAuth(request: object, name: string, auth: RequestAuth): void {
  const byName = opened.get(request) ?? new Map<string, RequestAuth>()
  if (byName.has(name)) {
    const fault = {
      option: 'name',
      problem: `'${name}' is used by two middlewares of this app`,
      hint: "Mount the middleware once, or give each instance a name of its own: salesforceAuth({ name: 'partner' }).",
    }
    throw new ConfigError([fault], 'config/duplicate-name')
  }
  opened.set(request, byName.set(name, auth))
}

/**
 * The auth of a request, by the object it was remembered for.
 * @throws {ConfigError} `config/not-mounted` when the middleware did not run before.
 */
export function recallAuth(request: object, name: string): RequestAuth {
  const auth = opened.get(request)?.get(name)
  if (auth !== undefined) return auth
  const fault = {
    option: 'salesforceAuth()',
    problem: `did not run for this request under the name '${name}'`,
    hint: 'Mount it before the routes and guards that use it.',
  }
  throw new ConfigError([fault], 'config/not-mounted')
}
