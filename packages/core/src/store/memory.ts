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
  value: string
  expiresAt: number
}

/**
 * Keeps values in this process, bounded, until it ends. For one process and for tests: a second process sees
 * nothing of it, and a restart loses every session.
 */
export function memoryStore(options: MemoryStoreOptions = {}): KeyValueStore {
  const { maxEntries = 100_000, maxBytes = 256 * 1024 * 1024, now = Date.now } = options
  const entries = new BoundedMap<Entry>({ maxEntries, maxSize: maxBytes, sizeOf: ({ value }) => 2 * value.length })
  const queues = new Map<string, Promise<unknown>>()
  const newestFences = new BoundedMap<number>({ maxEntries })
  // A process never loses its own lock, so this signal is never aborted.
  const { signal } = new AbortController()
  let fence = 0

  return {
    async get(key) {
      const entry = entries.get(key)
      if (entry !== undefined && entry.expiresAt > now()) return entry.value
      entries.delete(key)
      return undefined
    },
    async set(key, value, { ttl, fence: held = Infinity }) {
      if (held < (newestFences.get(key) ?? 0)) return false
      entries.set(key, { value, expiresAt: now() + ttl })
      return true
    },
    async delete(key) {
      entries.delete(key)
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
