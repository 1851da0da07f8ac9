import type { RestErrorCode } from '../rest/rest-error.ts'
import { RestError } from '../rest/rest-error.ts'

/** A piece of a query: where it stands and what it says. */
export interface SourceSpan {
  readonly source: string
  /** Offset in characters. */
  readonly at: number
}

const reach = 50

/** An error that points into the query, laid out as Salesforce does: excerpt, caret, row and column, message. */
export function soqlError(code: RestErrorCode, { source, at }: SourceSpan, message: string): RestError {
  const before = source.slice(0, at)
  const row = before.split('\n').length
  const column = at - before.lastIndexOf('\n')
  const start = Math.max(0, at - reach)
  const excerpt = source.slice(start, at + reach).replaceAll(/\s/g, ' ')
  const caret = `${' '.repeat(at - start)}^`
  return new RestError(code, `\n${excerpt}\n${caret}\nERROR at Row:${row}:Column:${column}\n${message}`)
}
