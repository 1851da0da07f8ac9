import { shown } from '../auth/requirement.ts'
import { ConfigError } from '../errors/errors.ts'

/** Which instance a guard or accessor means, when an app has several. */
export interface InstanceOptions {
  /** The `name` that the instance was given. @default 'salesforce' */
  name?: string
}

/**
 * Which instance the options of a guard mean, checked. What is no options there is a second value that would never be
 * asked for, or a class or request, because nobody called the guard.
 * @throws {ConfigError} `config/invalid`
 */
export function readInstance(options: unknown = {}): Readonly<InstanceOptions> {
  if (isInstance(options)) return options
  const isValue = typeof options === 'string' || Array.isArray(options)
  const problem = `is given ${shown(options)} in place of options such as { name: 'partner' }`
  const hint = isValue
    ? "Of several, give a list: requiresScope(['api', 'web'])."
    : 'Call it where you use it, with parentheses: requiresAuth(), @RequiresAuth().'
  throw new ConfigError([{ option: 'guard', problem, hint }])
}

/** Counts what cannot be enumerated, too: the prototype of a class has nothing else. */
function isInstance(value: unknown): value is InstanceOptions {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const { name } = value as { name?: unknown }
  return Reflect.ownKeys(value).every((key) => key === 'name') && (name === undefined || typeof name === 'string')
}
