import { RestError } from '../rest/rest-error.ts'
import { parseCondition, readFieldPath, readName } from './condition-parser.ts'
import type { Ordering, Query } from './syntax.ts'
import type { TokenReader } from './token-reader.ts'
import { readTokens } from './token-reader.ts'

const longest = 100_000
const furthestOffset = 2000

/**
 * A query as a tree. Names are not looked up yet.
 * @throws {@link RestError} `MALFORMED_QUERY`, with row and column, for whatever is outside the supported subset.
 */
export function parseQuery(source: string): Query {
  if (source.trim() === '') throw new RestError('MALFORMED_QUERY', 'A query string has to be specified')
  if (source.length > longest)
    throw new RestError('MALFORMED_QUERY', `SOQL statements cannot be longer than ${longest} characters.`)
  const tokens = readTokens(source)
  tokens.expect('SELECT')
  const select = readSelect(tokens)
  tokens.expect('FROM')
  const at = tokens.peek().at
  const from = { name: readName(tokens), at }
  const where = tokens.accept('WHERE') ? parseCondition(tokens) : undefined
  const orderBy = tokens.accept('ORDER', 'BY') ? readOrderings(tokens) : []
  const limit = tokens.accept('LIMIT') ? readWholeNumber(tokens) : undefined
  const offset = tokens.accept('OFFSET') ? readOffset(tokens) : 0
  if (tokens.peek().kind !== 'end') throw tokens.unexpected()
  return { source, select, from, orderBy, offset, ...(where && { where }), ...(limit !== undefined && { limit }) }
}

function readSelect(tokens: TokenReader): Query['select'] {
  if (tokens.accept('COUNT', '(', ')')) return 'count'
  return readList(() => readFieldPath(tokens), tokens)
}

function readOrderings(tokens: TokenReader): Ordering[] {
  return readList(() => {
    const field = readFieldPath(tokens)
    const descending = tokens.accept('DESC')
    if (!descending) tokens.accept('ASC')
    return { field, descending, nulls: readNulls(tokens) }
  }, tokens)
}

function readNulls(tokens: TokenReader): Ordering['nulls'] {
  if (!tokens.accept('NULLS')) return 'first'
  if (tokens.accept('LAST')) return 'last'
  tokens.expect('FIRST')
  return 'first'
}

function readList<Item>(readItem: () => Item, tokens: TokenReader): Item[] {
  const items = [readItem()]
  while (tokens.accept(',')) items.push(readItem())
  return items
}

function readWholeNumber(tokens: TokenReader): number {
  const token = tokens.next()
  if (token.kind !== 'number' || !/^\d{1,9}$/.test(token.raw)) throw tokens.unexpected(token)
  return Number(token.raw)
}

function readOffset(tokens: TokenReader): number {
  const offset = readWholeNumber(tokens)
  if (offset <= furthestOffset) return offset
  throw new RestError('NUMBER_OUTSIDE_VALID_RANGE', `Maximum SOQL offset allowed is ${furthestOffset}`)
}
