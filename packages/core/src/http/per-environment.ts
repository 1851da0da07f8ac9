interface Known<T> {
  readonly environment: object
  readonly value: T
}

/** More than any process has: an isolate serves one, a dispatcher or a test run a few. */
const MOST = 20

/**
 * Makes one value for each environment and answers it again for the same one. Some runtimes and wrappers hand every
 * request a copy of its environment: a plain object with the same variables and bindings is the same. Anything else is
 * the same only as itself: what it answers cannot be seen from outside.
 */
export function perEnvironment<E extends object, T>(make: (environment: E) => T): (environment: E) => T {
  const byIdentity = new WeakMap<E, T>()
  const known: Known<T>[] = []
  return (environment) => {
    const same = byIdentity.get(environment)
    if (same !== undefined) return same
    const equal = known.find((other) => isEqual(other.environment, environment))
    const value = equal?.value ?? make(environment)
    byIdentity.set(environment, value)
    if (equal === undefined && known.push({ environment, value }) > MOST) known.shift()
    return value
  }
}

function isEqual(one: object, other: object): boolean {
  if (!isPlain(one) || !isPlain(other)) return false
  const [entries, others] = [Object.entries(one), new Map<string, unknown>(Object.entries(other))]
  return entries.length === others.size && entries.every(([name, value]) => others.get(name) === value)
}

function isPlain(environment: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(environment)
  if (prototype !== Object.prototype && prototype !== null) return false
  return Reflect.ownKeys(environment).every((key) => {
    const property = Object.getOwnPropertyDescriptor(environment, key)
    return typeof key === 'string' && property?.enumerable === true && 'value' in property
  })
}
