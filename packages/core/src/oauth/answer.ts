import { OAuthError } from '../errors/errors.ts'
import { redact } from '../errors/redact.ts'
import type { HttpAnswer } from '../net/http-client.ts'
import { unusableAnswer } from '../net/unusable-answer.ts'

/** The members of a JSON object as they came: nothing of them is checked. */
export type Members = Readonly<Record<string, unknown>>

/**
 * The members of an OAuth endpoint's answer; `grantType` is what it was asked with.
 * @throws {OAuthError} when it is a refusal.
 * @throws {TransportError} `net/server-error` or `net/not-json` when it is neither.
 */
export function readAnswer(answer: HttpAnswer, url: string, grantType?: string): Members {
  const members = parseMembers(answer.text)
  if (members === undefined) throw unusableAnswer(new URL(url).host, answer.status)
  if (answer.status === 200) return members
  throw readRefusal(members, answer, grantType) ?? unusableAnswer(new URL(url).host, answer.status)
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

export function readRefusal(
  members: Members,
  { status: httpStatus }: HttpAnswer,
  grantType?: string,
): OAuthError | undefined {
  const { error, error_description: words, error_uri: uri } = members
  if (typeof error !== 'string') return undefined
  const description = typeof words === 'string' ? words : undefined
  return new OAuthError({
    error,
    description,
    httpStatus,
    grantType,
    errorUri: typeof uri === 'string' ? setupPage(uri) : undefined,
  })
}

const SETUP_PAGE = /^https:\/\/(?:[a-z0-9-]+\.)+salesforce(?:-setup\.com|\.com|\.mil)\/.{0,300}$/

/** An address that somebody may be sent to, as URLs print it: one of Salesforce's own pages, with no secret in it. */
function setupPage(uri: string): string | undefined {
  const href = URL.canParse(uri) ? new URL(uri).href : ''
  return SETUP_PAGE.test(href) && !holdsSecret(href) ? href : undefined
}

function holdsSecret(text: string): boolean {
  if (redact(text) !== text) return true
  try {
    const decoded = decodeURIComponent(text)
    return decoded !== text && holdsSecret(decoded)
  } catch {
    // What cannot be read cannot be vouched for.
    return true
  }
}
