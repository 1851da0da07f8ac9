import { BoundedMap } from './bounded-map.ts'
import type { KeyValueStore, Lease } from './key-value.ts'

export interface MemoryStoreOptions {
  /** Values kept at the most; the one unused for longest goes first. @default 100_000 */
  maxEntries?: number
  /** Bytes of values kept at the most. @default 268_435_456 (256 MiB) */
  maxBytes?: number
  /** Epoch milliseconds. @default Date.now */
  now?: () => number
}

interface Entry {
  readonly value: string
  readonly expiresAt: number
  readonly owner?: string
}

/**
 * Keeps values in this process, bounded, until it ends. For one process and for tests: a second process sees
 * nothing of it, and a restart loses every session.
 */
export function memoryStore(options: MemoryStoreOptions = {}): KeyValueStore {
  const { maxEntries = 100_000, maxBytes = 256 * 1024 * 1024, now = Date.now } = options
  const owned = new Map<string, Set<string>>()
  const entries = new BoundedMap<Entry>({
    maxEntries,
    maxSize: maxBytes,
    sizeOf: ({ value }) => 2 * value.length,
    removed(key, { owner }) {
      if (owner === undefined) return
      const keys = owned.get(owner)
      keys?.delete(key)
      if (keys?.size === 0) owned.delete(owner)
    },
  })
  const queues = new Map<string, Promise<unknown>>()
  const newestFences = new BoundedMap<number>({ maxEntries })
  // A process never loses its own lock, so this signal is never aborted.
  const { signal } = new AbortController()
  let fence = 0

  function living(key: string): Entry | undefined {
    const entry = entries.get(key)
    if (entry !== undefined && entry.expiresAt > now()) return entry
    entries.delete(key)
    return undefined
  }

  return {
    reach: 'process',
    async get(key) {
      return living(key)?.value
    },
    async set(key, value, { ttl, fence: held, owner }) {
      if (held !== undefined && held !== newestFences.get(key)) return false
      entries.set(key, { value, expiresAt: now() + ttl, ...(owner !== undefined && { owner }) })
      if (owner !== undefined && living(key) !== undefined) owned.set(owner, (owned.get(owner) ?? new Set()).add(key))
      return true
    },
    async delete(key) {
      entries.delete(key)
    },
    async list(owner) {
      return [...(owned.get(owner) ?? [])].filter((key) => living(key) !== undefined)
    },
    async *keys(prefix) {
      // What is looked at moves to the end: going on along the map itself would never end.
      const present = [...entries.keys()]
      for (const key of present) {
        if (key.startsWith(prefix) && living(key)?.owner !== undefined) yield key
      }
    },
    async withLock<T>(key: string, work: (lease: Lease) => Promise<T>): Promise<T> {
      const before = queues.get(key) ?? Promise.resolve()
      const turn = before.then(() => {
        newestFences.set(key, ++fence)
        return work({ signal, fence })
      })
      const settled = turn.catch(() => undefined)
      queues.set(key, settled)
      try {
        return await turn
      } finally {
        if (queues.get(key) === settled) queues.delete(key)
      }
    },
  }
}
