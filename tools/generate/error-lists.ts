import { CODES } from '../../packages/core/src/errors/codes.ts'
import type { CodeTraits } from '../../packages/core/src/errors/codes.ts'
import { OAUTH_HINTS } from '../../packages/core/src/errors/hints.ts'
import type { AnswerPlace, OAuthHint } from '../../packages/core/src/errors/hints/hint.ts'
import { REST_HINTS } from '../../packages/core/src/errors/rest-hints.ts'
import type { RestAnswer, RestHint } from '../../packages/core/src/errors/rest-hints.ts'
import { code, fate, plain, table } from './markdown.ts'
import { CHANGES } from './own-changes.ts'
import { MEANINGS } from './own-meanings.ts'

const PLACES: Readonly<Record<AnswerPlace, string>> = {
  token: 'token endpoint',
  authorize: 'end of a login',
  headless: 'headless logins',
  register: 'client registration',
  revoke: 'revocation',
  introspect: 'introspection',
}

const OWN_CODES = Object.keys(MEANINGS) as (keyof typeof MEANINGS)[]
const familyOf = (name: string): string => name.replace(/\/.*/, '/…')

/** How the kit's own codes begin. */
export const FAMILIES: readonly string[] = [...new Set(OWN_CODES.map(familyOf))]

export function oauthErrors(): string {
  return OAUTH_HINTS.map(oauthError).join('\n\n')
}

function oauthError({ answers, at, cause, hint, grants = [], ...row }: OAuthHint): string {
  const asked = grants.length === 0 ? '' : `, asked by ${grants.map(code).join(', ')}`
  const where = at.map((place) => PLACES[place]).join(', ') + asked
  return entry(answers, { facts: [`Where: ${where}`], cause, hint, fate: fate(row) })
}

export function restErrors(): string {
  return REST_HINTS.map(restError).join('\n\n')
}

function restError({ code: name, answers, cause, hint }: RestHint): string {
  return entry(answers.map(answerText), { facts: [`Code: ${code(name)}`], cause, hint, fate: fate(traits(name)) })
}

/** An API's answer as the headings write it. */
export function answerText({ status, errorCode, description, isEmpty }: RestAnswer): string {
  const said = [errorCode, description].filter((word) => word !== undefined).join(': ')
  return `${status} ${said === '' && isEmpty === true ? 'without a body' : said}`.trim()
}

interface Entry {
  readonly facts: readonly string[]
  readonly cause: string
  readonly hint: string
  readonly fate: string
}

function entry([first = '', ...others]: readonly string[], { facts, cause, hint, fate: then }: Entry): string {
  const also = others.length === 0 ? [] : [`- Also: ${others.map(code).join(', ')}`]
  return [
    `### ${code(first)}`,
    '',
    ...also,
    ...facts.map((fact) => `- ${fact}`),
    `- Cause: ${plain(cause)}`,
    `- What to change: ${plain(hint)}`,
    `- Then: ${then}`,
  ].join('\n')
}

export function ownErrors(): string {
  return FAMILIES.map((family) => [`### ${code(family)}`, '', familyTable(family)].join('\n')).join('\n\n')
}

function familyTable(family: string): string {
  const rows = OWN_CODES.filter((name) => familyOf(name) === family).map((name) => {
    const known = traits(name)
    return [code(name), plain(MEANINGS[name]), plain(CHANGES[name]), String(known.status), fate(known)]
  })
  return table(['code', 'what happened', 'what to change', 'status', 'then'], rows)
}

function traits(name: keyof typeof CODES): CodeTraits {
  return CODES[name]
}
