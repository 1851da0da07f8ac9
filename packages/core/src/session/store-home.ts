import { sessionEnded } from '../connection/refresh-errors.ts'
import type { TokenState } from '../connection/token-home.ts'
import { sha256, randomSecret } from '../crypto/pkce.ts'
import { createSeal, deriveKeyring } from '../crypto/seal.ts'
import type { OpenSeal, Seal } from '../crypto/seal.ts'
import { isSalesforceAuthError, SessionError } from '../errors/errors.ts'
import type { Exchange } from '../http/exchange.ts'
import { BoundedMap } from '../store/bounded-map.ts'
import type { KeyValueStore, Lease } from '../store/key-value.ts'
import { describeStoreFailure } from '../store/store-failure.ts'
import { cookieLine, readCookie } from './cookie.ts'
import type { SessionHome } from './session-home.ts'
import { changeSession, endsAt, packSession, unpackSession } from './session.ts'
import type { SessionRecord } from './session.ts'
import type { Tombstones } from './tombstones.ts'

export interface StoreHomeOptions {
  readonly store: KeyValueStore
  readonly secrets: readonly string[]
  readonly openSeal: OpenSeal | undefined
  /** Keeps the sessions of apps and tenants apart that share a store. */
  readonly realm: string
  readonly cookieName: string
  readonly secure: boolean
  readonly tombstones: Tombstones
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** Where one session lies in the store, and what opens it. */
interface Drawer {
  readonly secret: string
  readonly key: string
  readonly seal: Seal
}

const SECRET = /^[\w-]{43}$/
const MAX_DRAWERS = 5_000

/**
 * Keeps sessions in a store; the cookie holds a random secret. The store's key is a hash of it and the seal's key
 * is derived from it and the server's secret: neither a copy of the store nor the server's secret alone opens a session.
 */
export function createStoreHome(options: StoreHomeOptions): SessionHome {
  const { store, secrets, openSeal, realm, cookieName, secure, tombstones, now } = options
  const drawers = new BoundedMap<Drawer>({ maxEntries: MAX_DRAWERS })
  const bySid = new BoundedMap<Drawer>({ maxEntries: MAX_DRAWERS })

  async function drawerOf(secret: string): Promise<Drawer> {
    const known = drawers.get(secret)
    if (known !== undefined) return known
    const key = `${realm}:session:${await sha256(`id.${secret}`)}`
    const derive = () =>
      deriveKeyring(
        secrets.map((server) => `${secret}.${server}`),
        `record/${key}`,
      )
    const drawer = { secret, key, seal: createSeal(derive, openSeal) }
    drawers.set(secret, drawer)
    return drawer
  }

  async function load({ key, seal }: Drawer): Promise<SessionRecord | undefined> {
    const sealed = await guard(() => store.get(key))
    const text = sealed === undefined ? undefined : await seal.open(sealed)
    const record = text === undefined ? undefined : unpackSession(text)
    return record === undefined || endsAt(record) <= now() ? undefined : record
  }

  async function keep({ key, seal }: Drawer, record: SessionRecord, lease?: Lease): Promise<boolean> {
    const sealed = await seal.seal(packSession(record))
    if (tombstones.has(record.sid, now())) return false
    const ttl = endsAt(record) - now()
    return guard(() => store.set(key, sealed, { ttl, ...(lease && { fence: lease.fence }) }))
  }

  function sendCookie(exchange: Exchange, { secret }: Drawer, record: SessionRecord): void {
    const maxAge = endsAt(record) - now()
    if (!exchange.committed) exchange.setCookie(cookieName, cookieLine(cookieName, secret, { secure, maxAge }))
  }

  async function requireDrawer(exchange: Exchange, record: SessionRecord): Promise<Drawer> {
    const drawer = bySid.get(record.sid)
    return drawer ?? (await drawerOf(readCookie(exchange.header('cookie'), cookieName) ?? ''))
  }

  return {
    async open(exchange) {
      const secret = readCookie(exchange.header('cookie'), cookieName)
      if (secret === undefined || !SECRET.test(secret)) return undefined
      const drawer = await drawerOf(secret)
      const record = await load(drawer)
      if (record === undefined || tombstones.has(record.sid, now())) return undefined
      bySid.set(record.sid, drawer)
      return record
    },
    async create(exchange, record) {
      const drawer = await drawerOf(randomSecret())
      bySid.set(record.sid, drawer)
      await keep(drawer, record)
      sendCookie(exchange, drawer, record)
    },
    async update(exchange, record, change) {
      const drawer = await requireDrawer(exchange, record)
      const next = await guard(() =>
        store.withLock(drawer.key, async (lease) => {
          const current = await load(drawer)
          if (current === undefined) return undefined
          const changed = changeSession(current, change)
          return (await keep(drawer, changed, lease)) ? changed : undefined
        }),
      )
      if (next !== undefined) sendCookie(exchange, drawer, next)
      return next
    },
    async renewed(_exchange, record, tokens) {
      return Object.freeze({ ...record, tokens })
    },
    ended: ({ sid }) => tombstones.has(sid, now()),
    async end(exchange, record) {
      // Whoever ended it first told the browser; by now the cookie may be that of the next session.
      const known = tombstones.has(record.sid, now())
      tombstones.add(record.sid, record.createdAt + record.limits.absolute)
      if (!known && !exchange.committed)
        exchange.setCookie(cookieName, cookieLine(cookieName, '', { secure, maxAge: 0 }))
      const drawer = await requireDrawer(exchange, record)
      await guard(() => store.delete(drawer.key))
    },
    tokens(exchange, record) {
      const drawer = requireDrawer(exchange, record)
      return {
        key: record.sid,
        login: record.login,
        async read(): Promise<TokenState | undefined> {
          const current = await load(await drawer)
          if (current === undefined) return undefined
          const { tokens, spendStartedAt } = current
          return { tokens, ...(spendStartedAt !== undefined && { spendStartedAt }) }
        },
        async write({ tokens, spendStartedAt }, lease) {
          // Under the lock, so nobody renews between this read and the write; a logout may have deleted it.
          const { spendStartedAt: _, ...current } = (await load(await drawer)) ?? {}
          if (!('sid' in current)) return false
          const renewals = current.renewals + (tokens.accessToken === current.tokens.accessToken ? 0 : 1)
          const next = { ...current, tokens, renewals, ...(spendStartedAt !== undefined && { spendStartedAt }) }
          return keep(await drawer, next, lease)
        },
        ended: () => tombstones.has(record.sid, now()),
        gone: sessionEnded,
        canKeep: () => true,
        withLock: async (work) => {
          const { key } = await drawer
          return guard(() => store.withLock(key, work))
        },
      }
    },
  }
}

async function guard<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (isSalesforceAuthError(cause)) throw cause
    const { message, hint } = describeStoreFailure('session store', cause)
    throw new SessionError('session/store-failed', message, { cause, hint })
  }
}
