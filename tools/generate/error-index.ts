import { OAUTH_HINTS } from '../../packages/core/src/errors/hints.ts'
import type { OAuthHint } from '../../packages/core/src/errors/hints/hint.ts'
import { REST_HINTS } from '../../packages/core/src/errors/rest-hints.ts'
import type { RestHint } from '../../packages/core/src/errors/rest-hints.ts'
import { answerText, FAMILIES } from './error-lists.ts'
import { code, slug } from './markdown.ts'

/** What is looked for, and the heading where it first stands. */
type Place = readonly [word: string, heading: string]

/** Salesforce's error words, the codes of API answers and the families of the kit's own codes, linked to their place. */
export function errorIndex(): string {
  return [
    `- Salesforce, to logins and token requests: ${links(OAUTH_HINTS.flatMap(oauthPlace))}`,
    `- Salesforce's APIs: ${links(REST_HINTS.flatMap(restPlace))}`,
    `- This kit: ${links(FAMILIES.map((family) => [family, family]))}`,
  ].join('\n')
}

function oauthPlace({ answers }: OAuthHint): Place[] {
  return answers.map((answer) => [answer.replace(/: .*/, ''), String(answers[0])])
}

function restPlace({ code: name, answers }: RestHint): Place[] {
  return answers.slice(0, 1).map((answer) => [name, answerText(answer)])
}

function links(places: readonly Place[]): string {
  const first = new Map(places.toReversed())
  return [...new Set(places.map(([word]) => word))]
    .map((word) => `[${code(word)}](#${slug(String(first.get(word)))})`)
    .join(' · ')
}
