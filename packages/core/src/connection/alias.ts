import { aliasInvalid } from './connection-errors.ts'

const ALIAS = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,100}$/u

/** @throws {ConnectionError} `connection/alias-invalid` when it is no short line of text. */
export function checkAlias(alias: unknown): string {
  if (typeof alias === 'string' && ALIAS.test(alias) && alias.trim() === alias) return alias
  throw aliasInvalid()
}
