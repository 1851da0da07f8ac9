import { isSalesforceAuthError } from '../errors/errors.ts'

interface Pauses {
  readonly first: number
  readonly longest: number
}

const SECONDS: Pauses = { first: 1_000, longest: 30_000 }
// Salesforce blocks a user's logins until fewer than 3,600 fall into the last hour.
const RATE_LIMIT: Pauses = { first: 60_000, longest: 3_600_000 }

/** Remembers a failure for a while, so that a caller who asks again does not make Salesforce say it again. */
export class BackOff {
  readonly #now: () => number
  #failures = 0
  #error: unknown
  #retryAt = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** Throws the failure that is still remembered. */
  check(): void {
    if (this.#now() < this.#retryAt) throw this.#error
  }

  /** Pauses twice as long each time in a row, give or take a quarter; the error says until when, in `retryAt`. */
  failed(error: unknown, times: number = this.#failures + 1): void {
    // Nothing was asked of Salesforce, and waiting corrects no mistake.
    if (isMistake(error)) return
    const { first, longest } = isRateLimit(error) ? RATE_LIMIT : SECONDS
    this.#failures = times
    this.#error = error
    this.#retryAt = Math.ceil(this.#now() + Math.min(longest, first * 2 ** (times - 1)) * (0.75 + Math.random() / 2))
    if (isSalesforceAuthError(error)) error.retryAt = this.#retryAt
  }

  succeeded(): void {
    this.#failures = 0
    this.#retryAt = 0
  }
}

function isRateLimit(error: unknown): boolean {
  return isSalesforceAuthError(error) && error.code === 'oauth/rate_limit_exceeded'
}

function isMistake(error: unknown): boolean {
  return isSalesforceAuthError(error) && error.code.startsWith('config/')
}
