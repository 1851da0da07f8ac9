import { unusableAnswer } from '../net/unusable-answer.ts'
import { readRefusal } from '../oauth/answer.ts'
import type { Members } from '../oauth/answer.ts'

/**
 * The members of what a REST service answered; none for an answer without a body.
 * @throws {OAuthError} when it is a refusal; a REST error's code and message are its `error` and `description`.
 * @throws {TransportError} `net/server-error` or `net/not-json` when it is neither.
 */
export async function readJsonAnswer(response: Response): Promise<Members> {
  const answer = { status: response.status, headers: response.headers, text: await response.text() }
  if (response.ok && answer.text === '') return {}
  const value = parse(answer.text)
  if (response.ok && isMembers(value)) return value
  const [fault] = [value].flat()
  const host = response.url === '' ? 'Salesforce' : new URL(response.url).host
  throw (isMembers(fault) ? readRefusal(oauthWords(fault), answer) : undefined) ?? unusableAnswer(host, answer.status)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** REST services list their faults as `errorCode` and `message`. */
function oauthWords(fault: Members): Members {
  const { errorCode, message } = fault
  return errorCode === undefined ? fault : { error: errorCode, error_description: message }
}
