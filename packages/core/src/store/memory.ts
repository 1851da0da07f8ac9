import { BoundedMap } from './bounded-map.ts'
import type { KeyValueStore } from './key-value.ts'
import { createLocks } from './lock.ts'
import { readStoreOptions } from './store-options.ts'

export interface MemoryStoreOptions {
  /** Values kept at the most; the one unused for longest goes first. @default 100_000 */
  maxEntries?: number
  /** Bytes of values kept at the most. @default 268_435_456 (256 MiB) */
  maxBytes?: number
  /** How long a lock is waited for. Milliseconds. @default 30_000 */
  lockTimeout?: number
  /** Epoch milliseconds. @default Date.now */
  now?: () => number
}

interface Entry {
  readonly value: string
  readonly expiresAt: number
  readonly owner?: string
}

const DEFAULTS: Required<MemoryStoreOptions> = {
  maxEntries: 100_000,
  maxBytes: 256 * 1024 * 1024,
  lockTimeout: 30_000,
  now: () => Date.now(),
}

/** A process never loses its own lock: the longest time that timers take. Milliseconds. */
const FOR_EVER = 2 ** 31 - 1

/**
 * Keeps values in this process, bounded, until it ends. For one process and for tests: a second process sees
 * nothing of it, and a restart loses every session.
 * @throws {RangeError} for numbers that cannot be meant. {TypeError} for options that there are not.
 */
export function memoryStore(options: MemoryStoreOptions = {}): KeyValueStore {
  const { maxEntries, maxBytes, lockTimeout, now } = readStoreOptions('memoryStore', options, DEFAULTS)
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
  const held = new Set<string>()
  const newestFences = new BoundedMap<number>({ maxEntries })
  let fence = 0
  const locks = {
    async acquire(key: string) {
      if (held.has(key)) return undefined
      held.add(key)
      newestFences.set(key, ++fence)
      return fence
    },
    renew: async () => true,
    release: async (key: string) => void held.delete(key),
  }

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
    withLock: createLocks(locks, { lease: FOR_EVER, lockTimeout }),
  }
}
