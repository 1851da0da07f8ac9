import type { Comparison, Condition, FieldPath, Literal } from './syntax.ts'
import type { TokenReader } from './token-reader.ts'
import type { Token } from './tokens.ts'

// Deeper nesting is a mistake or an attack; both get an answer instead of a full stack.
const deepest = 50

const reserved = new Set(
  'AND ASC BY DESC FROM GROUP HAVING IN LIKE LIMIT NOT NULLS OFFSET OR ORDER SELECT WHERE WITH'.split(' '),
)

const comparisons: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}

/** What stands after WHERE. AND and OR mix only with parentheses, as in Salesforce. */
export function parseCondition(tokens: TokenReader, depth = 0): Condition {
  const first = parseTerm(tokens, depth)
  for (const word of ['AND', 'OR']) {
    if (!tokens.accept(word)) continue
    const conditions = [first]
    do conditions.push(parseTerm(tokens, depth))
    while (tokens.accept(word))
    return { kind: 'group', every: word === 'AND', conditions }
  }
  return first
}

function parseTerm(tokens: TokenReader, depth: number): Condition {
  if (depth > deepest) throw tokens.fail(tokens.peek(), `conditions are nested more than ${deepest} deep`)
  if (tokens.accept('NOT')) return { kind: 'not', condition: parseTerm(tokens, depth + 1) }
  if (!tokens.accept('(')) return parsePredicate(tokens)
  const condition = parseCondition(tokens, depth + 1)
  tokens.expect(')')
  return condition
}

function parsePredicate(tokens: TokenReader): Condition {
  const field = readFieldPath(tokens)
  if (tokens.accept('LIKE')) {
    const token = tokens.next()
    if (!token.units) throw tokens.unexpected(token)
    return { kind: 'like', field, pattern: token.units }
  }
  if (tokens.accept('IN')) return { kind: 'in', field, values: readValues(tokens) }
  if (tokens.accept('NOT', 'IN')) return { kind: 'not', condition: { kind: 'in', field, values: readValues(tokens) } }
  const sign = tokens.next()
  const operator = sign.kind === 'symbol' ? comparisons[sign.raw] : undefined
  if (!operator) throw tokens.unexpected(sign)
  return { kind: 'compare', field, operator, value: readLiteral(tokens) }
}

function readValues(tokens: TokenReader): Literal[] {
  tokens.expect('(')
  const values = [readLiteral(tokens)]
  while (tokens.accept(',')) values.push(readLiteral(tokens))
  tokens.expect(')')
  return values
}

function readLiteral(tokens: TokenReader): Literal {
  const token = tokens.next()
  if (token.units) return { kind: 'text', units: token.units }
  if (token.kind === 'number') return { kind: 'number', value: Number(token.raw) }
  if (token.kind === 'date' || token.kind === 'datetime') return readMoment(tokens, token)
  const word = token.kind === 'name' ? token.raw.toUpperCase() : ''
  if (word === 'TRUE' || word === 'FALSE') return { kind: 'boolean', value: word === 'TRUE' }
  if (word === 'NULL') return { kind: 'null' }
  throw tokens.unexpected(token)
}

function readMoment(tokens: TokenReader, token: Token): Literal {
  const at = Date.parse(token.raw)
  if (Number.isNaN(at)) throw tokens.fail(token, `Invalid date: ${token.raw}`)
  return token.kind === 'date' ? { kind: 'date' } : { kind: 'datetime', at }
}

export function readFieldPath(tokens: TokenReader): FieldPath {
  const at = tokens.peek().at
  const names = [readName(tokens)]
  while (tokens.accept('.')) names.push(readName(tokens))
  return { names, at }
}

export function readName(tokens: TokenReader): string {
  const token = tokens.next()
  if (token.kind !== 'name' || reserved.has(token.raw.toUpperCase())) throw tokens.unexpected(token)
  return token.raw
}
