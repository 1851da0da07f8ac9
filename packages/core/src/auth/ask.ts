import { GuardError, isSalesforceAuthError, RestError, TokenError, TransportError } from '../errors/errors.ts'
import type { FactSource, Question } from './questions.ts'

/**
 * Asks Salesforce. Whatever goes wrong is an error that nobody can take for a denial.
 * @throws {GuardError} `guard/fact-unavailable` when it may be answered later, `guard/fact-refused` when it may not.
 * @throws {TokenError} when the token that is to ask with is dead, and so nobody is there any more.
 */
export async function ask<T>(question: Question<T>, source: FactSource): Promise<T> {
  try {
    return await question.ask(source)
  } catch (error) {
    throw explain(error, question)
  }
}

function explain(cause: unknown, { name, hint }: Question<unknown>): unknown {
  if (cause instanceof RestError && cause.code === 'rest/session-expired') return accessTokenEnded(cause)
  if (cause instanceof RestError && !isBusy(cause)) {
    return new GuardError('guard/fact-refused', `Salesforce does not tell the ${name}. ${cause.message}`, {
      cause,
      hint: cause.code === 'rest/unrecognized' ? hint : `${cause.hint} ${hint}`,
    })
  }
  const isOutage = cause instanceof RestError || cause instanceof TransportError
  if (isSalesforceAuthError(cause) && !isOutage) return cause
  return new GuardError('guard/fact-unavailable', `Salesforce did not tell the ${name} just now.`, {
    cause,
    hint: 'Try again shortly; the cause says what happened.',
  })
}

function isBusy({ retryable, httpStatus }: RestError): boolean {
  return retryable || httpStatus >= 500 || httpStatus === 429
}

/** For a token that Salesforce does not take any more, whatever it says itself. */
export function accessTokenEnded(cause?: unknown): TokenError {
  return new TokenError('token/access-token-ended', 'Salesforce does not take the access token any more.', {
    cause,
    hint: 'Ask the caller for a fresh one.',
  })
}
