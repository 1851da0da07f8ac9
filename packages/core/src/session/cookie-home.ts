import { sessionEnded } from '../connection/refresh-errors.ts'
import type { TokenState } from '../connection/token-home.ts'
import type { Seal } from '../crypto/seal.ts'
import { SessionError } from '../errors/errors.ts'
import type { Logger } from '../errors/log.ts'
import type { Exchange } from '../http/exchange.ts'
import { BoundedMap } from '../store/bounded-map.ts'
import { clearChunked, readChunked, writeChunked } from './cookie.ts'
import type { SessionHome } from './session-home.ts'
import { changeSession, endsAt, packSession, unpackSession } from './session.ts'
import type { SessionRecord } from './session.ts'
import type { Tombstones } from './tombstones.ts'

export interface CookieHomeOptions {
  readonly seal: Seal
  readonly cookieName: string
  readonly secure: boolean
  readonly tombstones: Tombstones
  readonly log: Logger
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** How long a successor is kept for browsers that have not received it. Milliseconds. */
const SUCCESSOR_LIFE = 10 * 60_000
const MAX_SUCCESSORS = 10_000
const MAX_OPENED = 5_000
const MAX_OPENED_BYTES = 32 * 1024 * 1024

/** What this process knows of a session beyond the cookie that a browser may still send. */
interface Successor extends TokenState, Pick<SessionRecord, 'renewals' | 'data' | 'revision'> {
  readonly until: number
}

/**
 * Keeps the whole session sealed in the browser's cookie. What it cannot do: share a lock or a renewed token with
 * another process, or change the cookie of a response that has started.
 */
export function createCookieHome(options: CookieHomeOptions): SessionHome {
  const { seal, cookieName, secure, tombstones, log, now } = options
  const opened = new BoundedMap<{ sealed: string; record: SessionRecord }>({
    maxEntries: MAX_OPENED,
    maxSize: MAX_OPENED_BYTES,
    sizeOf: ({ sealed }) => 3 * sealed.length,
  })
  const successors = new BoundedMap<Successor>({ maxEntries: MAX_SUCCESSORS })

  async function unseal(sealed: string): Promise<SessionRecord | undefined> {
    // The GCM tag is a hash of the cookie that costs nothing; the comparison of the whole decides.
    const tag = sealed.slice(-22)
    const known = opened.get(tag)
    if (known?.sealed === sealed) return known.record
    const text = await seal.open(sealed)
    if (text === undefined) {
      log({
        level: 'debug',
        event: 'session/unreadable',
        message: 'A session cookie could not be read and counts as absent.',
      })
      return undefined
    }
    const record = unpackSession(text)
    opened.set(tag, { sealed, record })
    return record
  }

  function newest(record: SessionRecord): SessionRecord {
    const kept = successors.get(record.sid)
    if (kept === undefined || kept.until < now()) return record
    if (kept.renewals <= record.renewals && kept.revision <= record.revision) return record
    return Object.freeze({
      ...record,
      ...(kept.renewals > record.renewals && { tokens: kept.tokens, renewals: kept.renewals }),
      ...(kept.revision > record.revision && { data: kept.data, revision: kept.revision }),
    })
  }

  function keep({ sid, tokens, renewals, data, revision }: SessionRecord, spendStartedAt?: number): void {
    const mark = spendStartedAt === undefined ? {} : { spendStartedAt }
    successors.set(sid, { tokens, renewals, data, revision, ...mark, until: now() + SUCCESSOR_LIFE })
  }

  async function write(exchange: Exchange, record: SessionRecord): Promise<boolean> {
    const sealed = await seal.seal(packSession(record))
    // Sealing takes a while: only now is it certain that the session and the response are still open.
    if (exchange.committed || tombstones.has(record.sid, now())) return false
    const maxAge = endsAt(record) - now()
    if (!writeChunked(exchange, cookieName, { value: sealed, secure, maxAge })) throw tooLarge(sealed.length)
    opened.set(sealed.slice(-22), { sealed, record })
    return true
  }

  return {
    async open(exchange) {
      const sealed = readChunked(exchange.header('cookie'), cookieName)
      if (sealed === undefined || sealed === '') return undefined
      const record = await unseal(sealed)
      if (record === undefined || endsAt(record) <= now() || tombstones.has(record.sid, now())) return undefined
      const current = newest(record)
      // This browser missed the answer that carried the renewed tokens.
      if (current !== record) await write(exchange, current)
      return current
    },
    async create(exchange, record) {
      await write(exchange, record)
    },
    async update(exchange, record, change) {
      const changed = changeSession(newest(record), change)
      if (tombstones.has(record.sid, now())) return undefined
      if (change.data !== undefined) keep(changed, successors.get(record.sid)?.spendStartedAt)
      return (await write(exchange, changed)) ? changed : undefined
    },
    async renewed(exchange, record) {
      const current = newest(record)
      await write(exchange, current)
      return current
    },
    ended: ({ sid }) => tombstones.has(sid, now()),
    async end(exchange, record) {
      // Whoever ended it first told the browser; by now the cookie may be that of the next session.
      const known = tombstones.has(record.sid, now())
      tombstones.add(record.sid, record.createdAt + record.limits.absolute)
      if (!known && !exchange.committed) clearChunked(exchange, cookieName, secure)
    },
    tokens(exchange, record) {
      const { sid } = record
      return {
        key: sid,
        login: record.login,
        async read() {
          const { tokens, renewals } = newest(record)
          const kept = successors.get(sid)
          const mark = kept?.renewals === renewals ? kept.spendStartedAt : undefined
          return { tokens, ...(mark !== undefined && { spendStartedAt: mark }) }
        },
        async write({ tokens, spendStartedAt }) {
          if (tombstones.has(sid, now())) return false
          const current = newest(record)
          const renewals = current.renewals + (tokens.accessToken === current.tokens.accessToken ? 0 : 1)
          keep({ ...current, tokens, renewals }, spendStartedAt)
          return true
        },
        ended: () => tombstones.has(sid, now()),
        gone: sessionEnded,
        canKeep: () => !exchange.committed,
      }
    },
  }
}

function tooLarge(length: number): SessionError {
  return new SessionError(
    'session/too-large',
    `The sealed session has ${length} characters, more than cookies can hold.`,
    {
      hint: 'Keep less session data, or configure a session store: then the cookie holds only a key.',
    },
  )
}
