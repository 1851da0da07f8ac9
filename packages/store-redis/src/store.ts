import { createLocks, readStoreOptions, within } from '@orgpass/core/store'
import type { KeyValueStore } from '@orgpass/core/store'
import { run, textOf } from './client.ts'
import type { RedisClient } from './client.ts'
import { ACQUIRE, DELETE, LIST, PAGE, RELEASE, RENEW, SET } from './scripts.ts'
import type { Script } from './scripts.ts'

export interface RedisStoreOptions {
  /**
   * What all keys in Redis begin with. In a cluster it needs a hash tag, which keeps them on one node: '{orgpass}'.
   * @default 'orgpass'
   */
  prefix?: string
  /**
   * How long a lock outlives a holder that died; it is renewed while its holder lives. Milliseconds, at least 100.
   * @default 10_000
   */
  lease?: number
  /** How long a lock is waited for. Milliseconds. @default 30_000 */
  lockTimeout?: number
  /** How long Redis may take to answer, a connection that is being made again included. Milliseconds. @default 5_000 */
  timeout?: number
}

const DEFAULTS: Required<RedisStoreOptions> = {
  prefix: 'orgpass',
  lease: 10_000,
  lockTimeout: 30_000,
  timeout: 5_000,
}
const PAGE_SIZE = 500
/** Longer than anybody still writes under a fence. Milliseconds. */
const FENCE_LIFE = 86_400_000
/** Milliseconds. */
const LONGEST_LIFE = 1e14

/** An address, for example, would pass for a Redis that is away. */
function requireClient(client: Partial<RedisClient> | null | undefined): void {
  if (typeof client?.evalSha === 'function') return
  throw new TypeError(
    'redisStore() takes a client of the package redis: redisStore(await createClient({ url }).connect()).',
  )
}

/**
 * Keeps sessions and connections in Redis 7 or later, or Valkey, where all processes see the same at once. `client` is
 * a client of the package `redis` that the app made and connected; give it an error listener and `disableOfflineQueue`,
 * or what is asked while the connection is lost waits for `timeout` and may still be done afterwards.
 *
 * Redis must not evict: with any other `maxmemory-policy` than `noeviction` it drops connections when it is full.
 * @throws {RangeError} for durations that cannot be meant. {TypeError} for what is no client, or no option.
 * @see https://redis.io/docs/latest/develop/reference/eviction/
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): KeyValueStore {
  requireClient(client)
  const { prefix, lease, lockTimeout, timeout } = readStoreOptions('redisStore', options, DEFAULTS)
  const valueKey = `${prefix}:value:`
  const owned = `${prefix}:owned`
  const fenceKey = (key: string): string => `${prefix}:fence:${key}`
  const lockKey = (key: string): string => `${prefix}:lock:${key}`
  const listKey = (owner: string): string => `${prefix}:list:${owner}`
  const fenceLife = String(Math.max(FENCE_LIFE, 2 * lease))

  const ask = (script: Script, keys: string[], ...args: string[]): Promise<unknown> =>
    run(client, script, { keys, arguments: args })
  const bounded = <T>(work: Promise<T>): Promise<T> => within(work, timeout, () => overdue(timeout))

  const locks = {
    async acquire(key: string, duration: number) {
      const fence = textOf(await ask(ACQUIRE, [lockKey(key), fenceKey(key)], milliseconds(duration), fenceLife))
      return fence === '' ? undefined : Number(fence)
    },
    async renew(key: string, fence: number, duration: number) {
      const keys = [lockKey(key), fenceKey(key)]
      return (await ask(RENEW, keys, String(fence), milliseconds(duration), fenceLife)) === 1
    },
    async release(key: string, fence: number) {
      await ask(RELEASE, [lockKey(key)], String(fence))
    },
  }

  return {
    async get(key) {
      return textOf(await bounded(client.hGet(valueKey + key, 'v')))
    },
    async set(key, value, { ttl, fence, owner }) {
      const list = owner === undefined ? owned : listKey(owner)
      const keys = [valueKey + key, fenceKey(key), owned, list]
      const held = fence === undefined ? '' : String(fence)
      const args = [value, milliseconds(ttl), held, owner === undefined ? '0' : '1', key, valueKey]
      return (await bounded(ask(SET, keys, ...args))) === 1
    },
    async delete(key) {
      await bounded(ask(DELETE, [valueKey + key, owned], key))
    },
    async list(owner) {
      return (await bounded(ask(LIST, [listKey(owner)]))) as string[]
    },
    async *keys(start) {
      for (let from = `[${start}`; ;) {
        const page = await bounded(ask(PAGE, [owned], from, String(PAGE_SIZE), valueKey))
        const [last = '', ...found] = page as string[]
        for (const key of found) {
          if (!key.startsWith(start)) return
          yield key
        }
        if (last === '' || !last.startsWith(start)) return
        from = `(${last}`
      }
    },
    withLock: createLocks(locks, { lease, lockTimeout, timeout }),
  }
}

/** Redis takes whole numbers only, and none that leads beyond its calendar. */
function milliseconds(duration: number): string {
  return duration > 0 ? String(Math.ceil(Math.min(duration, LONGEST_LIFE))) : '0'
}

function overdue(timeout: number): Error {
  return new Error(`Redis did not answer within ${timeout} ms. Check that it is up and reachable from this process.`)
}
