import { aliasInvalid, aliasTaken } from './connection-errors.ts'
import type { ConnectionRecord } from './connection-record.ts'

const ALIAS = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,100}$/u

/** @throws {ConnectionError} `connection/alias-invalid` when it is no short line of text. */
export function checkAlias(alias: unknown): string {
  if (typeof alias === 'string' && ALIAS.test(alias) && alias.trim() === alias) return alias
  throw aliasInvalid()
}

/** @throws {ConnectionError} `connection/alias-taken` when another of the owner's connections has it. */
export function requireFreeAlias(
  alias: string | undefined,
  own: readonly ConnectionRecord[],
  { id }: Pick<ConnectionRecord, 'id'>,
): void {
  if (alias !== undefined && own.some((other) => other.id !== id && other.alias === alias)) throw aliasTaken(alias)
}
