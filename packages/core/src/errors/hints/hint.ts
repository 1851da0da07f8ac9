import type { OAuthErrorName } from '../codes.ts'

/** Where Salesforce gives an answer: an endpoint, or the redirect that ends a login. */
export type AnswerPlace = 'token' | 'authorize' | 'headless' | 'register' | 'revoke' | 'introspect'

/** What to do about one answer of Salesforce. The first row that fits wins; a row without a pattern fits every description. */
export interface OAuthHint {
  readonly on: readonly [error: OAuthErrorName | readonly OAuthErrorName[], description?: RegExp]
  /** How the names of the grant types end that get the answer; a row without them fits every request. */
  readonly grants?: readonly string[]
  /** Answers of this kind, as `error` or `error: description`. Where only the case is documented, the words are made up. */
  readonly answers: readonly string[]
  readonly at: readonly AnswerPlace[]
  readonly cause: string
  readonly hint: string
  readonly retryable?: true
  /** A rule of where, when or how often: what was to be renewed lives, and is good from elsewhere or later. */
  readonly grantLives?: true
  /** A new login by a person in a browser can cure it, also where a program met it. */
  readonly needsLogin?: true
}

export const APP_PAGE = 'Setup › External Client App Manager › your app'
export const TOKEN: readonly AnswerPlace[] = ['token']
export const ANYWHERE: readonly AnswerPlace[] = ['token', 'authorize']
