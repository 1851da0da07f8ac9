import type { RestError } from '../rest/rest-error.ts'
import { soqlError } from './soql-error.ts'
import type { Token } from './tokens.ts'
import { tokenize } from './tokens.ts'

/** Walks a query's tokens. Keywords and symbols are matched in any letter case. */
export interface TokenReader {
  peek(): Token
  next(): Token
  /** Takes the tokens if they are the next ones. */
  accept(...words: readonly string[]): boolean
  /** Takes the tokens. @throws `MALFORMED_QUERY` when others follow. */
  expect(...words: readonly string[]): void
  unexpected(token?: Token): RestError
  fail(token: Token, message: string): RestError
}

export function readTokens(source: string): TokenReader {
  const tokens = tokenize(source)
  let index = 0

  const end: Token = { kind: 'end', raw: '<EOF>', at: source.length }
  const peek = (): Token => tokens[index] ?? end
  const isNext = (word: string, ahead: number): boolean => {
    const token = tokens[index + ahead]
    return (token?.kind === 'name' || token?.kind === 'symbol') && token.raw.toUpperCase() === word
  }
  const fail = (token: Token, message: string): RestError =>
    soqlError('MALFORMED_QUERY', { source, at: token.at }, message)
  const unexpected = (token: Token = peek()): RestError => fail(token, `unexpected token: '${token.raw}'`)

  function next(): Token {
    const token = peek()
    index += 1
    return token
  }

  function accept(...words: readonly string[]): boolean {
    if (!words.every(isNext)) return false
    index += words.length
    return true
  }

  function expect(...words: readonly string[]): void {
    for (const word of words) if (!accept(word)) throw unexpected()
  }

  return { peek, next, accept, expect, unexpected, fail }
}
