import { SessionError } from '../errors/errors.ts'
import type { SessionData } from '../session/session.ts'

const MAX_LENGTH = 2_000

/**
 * A copy of the host app's data as JSON keeps it.
 * @throws {SessionError} `session/data-invalid` when it is not a plain object or longer than 2,000 characters.
 */
export function checkSessionData(data: unknown): SessionData {
  const text = stringify(data)
  if (text !== undefined && text.length <= MAX_LENGTH) return JSON.parse(text) as SessionData
  const problem = text === undefined ? 'is not a plain object that JSON can hold' : `has ${text.length} characters`
  throw new SessionError('session/data-invalid', `Session data ${problem}.`, {
    hint: `Keep ids and small settings there, at most ${MAX_LENGTH} characters of JSON; the rest belongs in your database.`,
  })
}

/** The JSON of an object; things that JSON turns into something else, a date for example, are none. */
function stringify(data: unknown): string | undefined {
  try {
    const text = JSON.stringify(data)
    return text.startsWith('{') ? text : undefined
  } catch {
    return undefined
  }
}
