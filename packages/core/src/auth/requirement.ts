import { ConfigError, RequestError } from '../errors/errors.ts'
import type { Reply } from '../http/exchange.ts'

/** Which kind of thing a guard asks for. Answers name the kind, never what exactly. */
export type Requirement = 'scope' | 'org' | 'profile' | 'permissionSet' | 'customPermission' | 'userType'

const WORDS: Readonly<Record<Requirement, string>> = {
  scope: 'an access token with other scopes',
  org: 'another org',
  profile: 'another profile',
  permissionSet: 'a permission set',
  customPermission: 'a custom permission',
  userType: 'another type of user',
}

/** The answer to somebody who is known and may not: 403 with JSON. */
export function forbidden(requirement: Requirement, scopes?: readonly string[]): Reply {
  const { error, message } = new RequestError('request/forbidden', `This needs ${WORDS[requirement]}.`).toJSON()
  const body = { error, message, requirement, ...(scopes && { scope: scopes.join(' ') }) }
  return {
    status: 403,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  }
}

export interface NameRule {
  /** The guard, for the message. */
  readonly guard: string
  readonly pattern: RegExp
  readonly hint: string
}

/**
 * What a guard requires, as a list.
 * @throws {ConfigError} `config/invalid` when it is empty or holds something that cannot be meant: such a guard would
 *   let everybody pass, or nobody.
 */
export function requireNames(value: unknown, { guard, pattern, hint }: NameRule): readonly string[] {
  const names: unknown[] = [value].flat()
  const isUsable = (name: unknown): boolean => typeof name === 'string' && pattern.test(name)
  if (names.length > 0 && names.every(isUsable)) return Object.freeze([...new Set(names as string[])])
  const wrong = names.find((name) => !isUsable(name))
  const problem = names.length === 0 ? 'is given an empty list' : `is given ${shown(wrong)}, which it cannot compare`
  throw new ConfigError([{ option: guard, problem, hint }])
}

/** How a message names what was written where something else belongs. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`
  return value === null || value === undefined ? String(value) : `a value of type ${typeof value}`
}
