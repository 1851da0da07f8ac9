import { ACCESS_HINTS } from './hints/access-hints.ts'
import { GRANT_HINTS } from './hints/grant-hints.ts'
import type { OAuthHint } from './hints/hint.ts'
import { PERSON_HINTS } from './hints/person-hints.ts'
import { REQUEST_HINTS } from './hints/request-hints.ts'
import { SERVICE_HINTS } from './hints/service-hints.ts'

/** One table for every OAuth endpoint and the authorize redirect: Salesforce uses the same words at all of them. */
export const OAUTH_HINTS: readonly OAuthHint[] = [
  ...GRANT_HINTS,
  ...REQUEST_HINTS,
  ...ACCESS_HINTS,
  ...PERSON_HINTS,
  ...SERVICE_HINTS,
]

/** Advice for an `error` that stands in no row. */
export const UNRECOGNIZED_HINT =
  'Setup › Login History for this user usually names the reason. The error and its description are on this error object.'

/** The row for an answer; `grantType` is what the token endpoint was asked with. */
export function findOAuthHint(error: string, description = '', grantType = ''): OAuthHint | undefined {
  // Some errors say it in their name and some in their description.
  const words = `${error} ${description}`
  return OAUTH_HINTS.find(
    ({ on: [names, pattern], grants }) =>
      [names].flat().some((name) => name === error) &&
      (pattern?.test(words) ?? true) &&
      (grants?.some((name) => grantType.endsWith(name)) ?? true),
  )
}
