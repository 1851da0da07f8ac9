import type { z } from 'zod'
import type { OrgFields, UserFields } from '../state.ts'
import { crossCheck } from './checks.ts'
import { hintsByMember, hintsByType } from './hints.ts'
import { appChangesSchema, knownMembers, orgChangesSchema, seedSchema, userChangesSchema } from './schema.ts'
import { type AppChanges, type Seed, SeedError, type SeedFault } from './seed.ts'

/**
 * Checks a seed, for example the content of a JSON file.
 * @throws {SeedError} with every fault, its JSON path and a hint
 */
export function parseSeed(value: unknown): Seed {
  const seed = parse(seedSchema, value, 'seed')
  const faults = crossCheck(seed)
  if (faults.length > 0) throw new SeedError(faults)
  return seed
}

export function parseAppChanges(value: unknown): AppChanges {
  return parse(appChangesSchema, value, 'app')
}

export function parseUserChanges(value: unknown): Partial<UserFields> {
  return parse(userChangesSchema, value, 'user')
}

export function parseOrgChanges(value: unknown): Partial<OrgFields> {
  return parse(orgChangesSchema, value, 'org')
}

function parse<T>(schema: z.ZodType<T>, value: unknown, root: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new SeedError(result.error.issues.flatMap((issue) => toFaults(issue, root)))
}

function toFaults(issue: z.core.$ZodIssue, root: string): SeedFault[] {
  const path = jsonPath(issue.path) || root
  if (issue.code === 'unrecognized_keys') {
    const known = knownMembers[holderOf(issue.path) ?? root] ?? []
    return issue.keys.map((key) => ({
      path: jsonPath([...issue.path, key]),
      problem: 'is unknown here',
      hint: `Known: ${known.join(', ')}.`,
    }))
  }
  if (issue.code === 'custom') return [{ path, problem: issue.message, hint: hintOf(issue) }]
  return [{ path, problem: problemOf(issue), hint: shapeHint(issue, root) }]
}

function hintOf(issue: z.core.$ZodIssueCustom): string {
  const hint: unknown = issue.params?.['hint']
  return typeof hint === 'string' ? hint : ''
}

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    return issue.message.endsWith('received undefined') ? 'is missing' : `must be ${article(issue.expected)}`
  }
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`
  if (issue.code === 'invalid_union') return 'has a kind of value that is not allowed'
  return issue.code === 'too_small' ? 'is empty' : issue.message
}

function article(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    record: 'an object',
    object: 'an object',
    array: 'a list',
    boolean: 'true or false',
  }
  return words[expected] ?? `a ${expected}`
}

/** The hint of the member itself, else of its type, else of what surrounds it. */
function shapeHint(issue: z.core.$ZodIssue, root: string): string {
  const names = issue.path.filter((part) => typeof part === 'string').toReversed()
  const own = hintsByMember[names[0] ?? root]
  if (own !== undefined) return own
  if (issue.code === 'invalid_value') return 'Write one of these in double quotes, or leave it out.'
  const byType = issue.code === 'invalid_type' ? hintsByType[issue.expected] : undefined
  const around = names.find((name) => hintsByMember[name] !== undefined)
  return byType ?? hintsByMember[around ?? root] ?? ''
}

/** The member whose value, or whose entries, an issue lies in: `users` for `orgs[0].users[1]`. */
function holderOf(path: readonly PropertyKey[]): string | undefined {
  return path.findLast((part) => typeof part === 'string')
}

function jsonPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}
