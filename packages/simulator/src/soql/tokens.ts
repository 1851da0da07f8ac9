import type { RestError } from '../rest/rest-error.ts'
import { soqlError } from './soql-error.ts'
import type { TextUnit } from './text.ts'
import { unescape } from './text.ts'

export interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'date' | 'datetime' | 'symbol' | 'end'
  /** As written in the query. */
  readonly raw: string
  /** Offset in the query. */
  readonly at: number
  /** Of a string literal, without its quotes. */
  readonly units?: readonly TextUnit[]
}

interface Rule {
  readonly kind: Exclude<Token['kind'], 'text' | 'end'>
  readonly pattern: RegExp
}

// Tried in this order: a datetime begins like a date, a date like a number.
const rules: readonly Rule[] = [
  { kind: 'datetime', pattern: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)/y },
  { kind: 'date', pattern: /\d{4}-\d\d-\d\d/y },
  { kind: 'number', pattern: /[+-]?\d+(?:\.\d+)?/y },
  { kind: 'name', pattern: /[A-Za-z]\w*/y },
  { kind: 'symbol', pattern: /!=|<>|<=|>=|[=<>(),.]/y },
]

/**
 * The query as tokens, the last one of kind `end`.
 * @throws `MALFORMED_QUERY` for a character that starts no token, an unknown escape and an open string.
 */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    if (/\s/.test(source.charAt(at))) {
      at += 1
      continue
    }
    const token = source.charAt(at) === "'" ? readText(source, at) : readPlain(source, at)
    tokens.push(token)
    at += token.raw.length
  }
  return [...tokens, { kind: 'end', raw: '<EOF>', at: source.length }]
}

function readPlain(source: string, at: number): Token {
  for (const { kind, pattern } of rules) {
    pattern.lastIndex = at
    const raw = pattern.exec(source)?.[0]
    if (raw !== undefined) return { kind, raw, at }
  }
  throw malformed(source, at, `unexpected token: '${source.charAt(at)}'`)
}

function readText(source: string, start: number): Token {
  const units: TextUnit[] = []
  let at = start + 1
  while (at < source.length) {
    const character = String.fromCodePoint(source.codePointAt(at) ?? 0)
    if (character === "'") return { kind: 'text', raw: source.slice(start, at + 1), at: start, units }
    if (character === '\\') {
      const { text, length } = readEscape(source, at)
      units.push({ text, escaped: true })
      at += length
    } else {
      units.push({ text: character, escaped: false })
      at += character.length
    }
  }
  throw malformed(source, start, 'the string literal is not closed')
}

function readEscape(source: string, at: number): { readonly text: string; readonly length: number } {
  const unicode = /^\\u([\dA-Fa-f]{4})/.exec(source.slice(at, at + 6))?.[1]
  if (unicode !== undefined) return { text: String.fromCharCode(Number.parseInt(unicode, 16)), length: 6 }
  const letter = source.charAt(at + 1)
  const text = unescape(letter)
  if (text === undefined) throw malformed(source, at, `Illegal escape sequence: \\${letter}`)
  return { text, length: 2 }
}

function malformed(source: string, at: number, message: string): RestError {
  return soqlError('MALFORMED_QUERY', { source, at }, message)
}
