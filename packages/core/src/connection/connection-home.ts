import { needsReconnect, connectionNotFound } from './connection-errors.ts'
import type { ConnectionRecord } from './connection-record.ts'
import type { ConnectionRecords } from './connection-records.ts'
import type { TokenHome } from './token-home.ts'

/** Where the tokens of a stored connection are read and written. */
export function connectionHome(
  records: ConnectionRecords,
  { id, login: known }: Pick<ConnectionRecord, 'id' | 'login'>,
  now: () => number,
): TokenHome {
  // A reconnect may have gone to another of the org's login hosts.
  let login = known
  return {
    key: id,
    get login() {
      return login
    },
    async read() {
      const record = await records.load(id)
      if (record === undefined) return undefined
      login = record.login
      const { tokens, connectedAt: grantedAt, spendStartedAt, dead } = record
      return {
        tokens,
        grantedAt,
        ...(spendStartedAt !== undefined && { spendStartedAt }),
        ...(dead !== undefined && { dead: needsReconnect(dead) }),
      }
    },
    async write({ tokens, spendStartedAt }, lease) {
      // Under the lock, so nobody renews between this read and the write; a disconnect may have deleted it.
      const record = await records.load(id)
      if (record === undefined) return false
      const { spendStartedAt: _, ...rest } = record
      const isNew = tokens.accessToken !== record.tokens.accessToken
      const mark = spendStartedAt === undefined ? {} : { spendStartedAt }
      return records.keep({ ...rest, tokens, ...(isNew && { renewedAt: now() }), ...mark }, lease)
    },
    async died({ code, message }, lease) {
      const record = await records.load(id)
      if (record === undefined) return
      const { spendStartedAt: _, ...rest } = record
      await records.keep({ ...rest, dead: { code, message, at: now() } }, lease)
    },
    ended: () => false,
    gone: connectionNotFound,
    canKeep: () => true,
    withLock: (work) => records.withLock(id, work),
  }
}
