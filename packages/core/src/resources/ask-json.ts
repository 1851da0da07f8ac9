import { isSalesforceAuthError, RestError } from '../errors/errors.ts'
import type { OAuthError } from '../errors/errors.ts'
import { DEFAULT_TIMEOUT } from '../net/http-client.ts'
import type { HttpAnswer } from '../net/http-client.ts'
import { readText } from '../net/read-body.ts'
import { transportError } from '../net/transport-error.ts'
import { unusableAnswer } from '../net/unusable-answer.ts'
import { parseMembers, readRefusal } from '../oauth/answer.ts'
import type { Members } from '../oauth/answer.ts'
import { wordsOf } from './rest-error.ts'

/** Sends a request with a bearer token, renewing the token when it is refused. */
export type AuthorizedFetch = (url: string, init?: RequestInit) => Promise<Response>

export interface Question {
  /** @default 'GET' */
  method?: 'POST' | 'DELETE'
  body?: URLSearchParams
  /** For the whole call, a renewal of the token included. Milliseconds. @default 10_000 */
  timeout?: number | undefined
  /** What to change when the answer is nothing that Salesforce says. */
  hint?: string
}

export interface JsonAnswer {
  /** The origin that was asked and answered, when `fetch` tells it. */
  readonly origin?: string
  /** None when there was no body. */
  readonly members?: Members
}

/**
 * Asks one of Salesforce's services that take an access token and answer JSON.
 * @throws {OAuthError} when it refuses as an OAuth endpoint does, {RestError} when it refuses as an API does.
 * @throws {TransportError} `net/*` when it does neither.
 */
export async function askJson(fetch: AuthorizedFetch, url: string, question: Question = {}): Promise<JsonAnswer> {
  const { timeout = DEFAULT_TIMEOUT, hint, ...init } = question
  const deadline = AbortSignal.timeout(timeout)
  const asked = fetch(url, { ...init, headers: { accept: 'application/json' }, signal: deadline })
  const response = await until(deadline, asked).catch((error: unknown) => {
    throw deadline.aborted && !isSalesforceAuthError(error)
      ? transportError('Salesforce', error, { deadline, timeout })
      : error
  })
  const origin = URL.canParse(response.url) ? new URL(response.url).origin : undefined
  const host = origin === undefined ? 'Salesforce' : new URL(origin).host
  const { status, headers } = response
  const text = await readText(response, host, deadline).catch((error: unknown) => {
    throw isSalesforceAuthError(error) ? error : transportError(host, error, { deadline, timeout })
  })
  const members = parseMembers(text)
  if (response.ok && (members !== undefined || text === '')) {
    return {
      ...(origin !== undefined && !response.redirected && { origin }),
      ...(members !== undefined && { members }),
    }
  }
  throw refusal({ status, headers, text }, members ?? {}) ?? unusableAnswer(host, status, hint)
}

/** What `work` brings, unless the deadline comes first: a renewal of the token pays no heed to it, and goes on. */
function until<T>(deadline: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    deadline.addEventListener('abort', () => reject(deadline.reason), { once: true })
    work.then(resolve, reject)
  })
}

function refusal(answer: HttpAnswer, members: Members): OAuthError | RestError | undefined {
  const { status, text } = answer
  if (status < 400) return undefined
  const words = wordsOf(text)
  const error = new RestError({ status, ...words })
  const isKnown = error.code !== 'rest/unrecognized' || words.errorCode !== undefined
  return readRefusal(members, answer) ?? (isKnown ? error : undefined)
}
