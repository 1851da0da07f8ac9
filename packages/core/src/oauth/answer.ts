import { OAuthError } from '../errors/errors.ts'
import type { HttpAnswer } from '../net/http-client.ts'
import { unusableAnswer } from '../net/unusable-answer.ts'

/** The members of a JSON object as they came: nothing of them is checked. */
export type Members = Readonly<Record<string, unknown>>

/**
 * The members of an OAuth endpoint's answer.
 * @throws {OAuthError} when it is a refusal.
 * @throws {TransportError} `net/server-error` or `net/not-json` when it is neither.
 */
export function readAnswer(answer: HttpAnswer, url: string): Members {
  const members = parseMembers(answer.text)
  if (members === undefined) throw unusableAnswer(new URL(url).host, answer.status)
  if (answer.status === 200) return members
  throw readRefusal(members, answer) ?? unusableAnswer(new URL(url).host, answer.status)
}

/** A text's JSON object, or `undefined` when it is something else: maintenance pages are HTML, with any status. */
export function parseMembers(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined
  } catch {
    return undefined
  }
}

export function readRefusal(members: Members, { status: httpStatus }: HttpAnswer): OAuthError | undefined {
  const { error, error_description: description } = members
  if (typeof error !== 'string') return undefined
  return new OAuthError({ error, description: typeof description === 'string' ? description : undefined, httpStatus })
}
