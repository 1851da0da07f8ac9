import { createLocks, within } from '@orgpass/core/store'
import type { KeyValueStore } from '@orgpass/core/store'
import { run } from './client.ts'
import type { RedisClient } from './client.ts'
import { ACQUIRE, DELETE, LIST, PAGE, RELEASE, RENEW, SET } from './scripts.ts'
import type { Script } from './scripts.ts'

export interface RedisStoreOptions {
  /** What all keys in Redis begin with. In a cluster, give it a hash tag, which keeps them on one node: '{orgpass}'. @default 'orgpass' */
  prefix?: string
  /** How long a lock outlives a holder that died; it is renewed while its holder lives. Milliseconds. @default 10_000 */
  lease?: number
  /** How long a lock is waited for. Milliseconds. @default 30_000 */
  lockTimeout?: number
  /** How long a command may take, a connection that is being made again included. Milliseconds. @default 5_000 */
  timeout?: number
}

const PAGE_SIZE = 500
/** A fence is known for longer than any lease that may still write under it. */
const FENCE_LEASES = 60

/**
 * Keeps sessions and connections in Redis 7 or later, or Valkey, where all processes see the same at once. `client` is
 * a client of the package `redis` that the app made and connected; give it an error listener and `disableOfflineQueue`,
 * or commands wait for a lost connection until `timeout`.
 *
 * Redis must not evict: with any other `maxmemory-policy` than `noeviction` it drops connections when it is full.
 * @throws {RangeError} for durations that cannot be meant.
 * @see https://redis.io/docs/latest/develop/reference/eviction/
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): KeyValueStore {
  const { prefix = 'orgpass', lease = 10_000, lockTimeout = 30_000, timeout = 5_000 } = options
  for (const [name, value] of Object.entries({ lease, lockTimeout, timeout })) {
    if (!(value > 0)) throw new RangeError(`redisStore: ${name} is ${value}; give milliseconds greater than 0.`)
  }
  const valueKey = `${prefix}:value:`
  const owned = `${prefix}:owned`
  const fenceKey = (key: string): string => `${prefix}:fence:${key}`
  const lockKey = (key: string): string => `${prefix}:lock:${key}`
  const listKey = (owner: string): string => `${prefix}:list:${owner}`
  const known = String(FENCE_LEASES * lease)

  const bounded = <T>(work: Promise<T>): Promise<T> => within(work, timeout, () => overdue(timeout))
  const ask = (script: Script, keys: string[], ...args: string[]): Promise<unknown> =>
    bounded(run(client, script, { keys, arguments: args }))

  const locks = {
    async acquire(key: string, duration: number) {
      const fence = await ask(ACQUIRE, [lockKey(key), fenceKey(key)], String(duration), known)
      return fence === '' ? undefined : Number(fence)
    },
    async renew(key: string, fence: number, duration: number) {
      const keys = [lockKey(key), fenceKey(key)]
      return (await ask(RENEW, keys, String(fence), String(duration), known)) === 1
    },
    async release(key: string, fence: number) {
      await ask(RELEASE, [lockKey(key)], String(fence))
    },
  }

  return {
    async get(key) {
      const value = await bounded(client.hGet(valueKey + key, 'v'))
      return typeof value === 'string' ? value : undefined
    },
    async set(key, value, { ttl, fence, owner }) {
      const list = owner === undefined ? owned : listKey(owner)
      const keys = [valueKey + key, fenceKey(key), owned, list]
      const life = String(Math.max(1, Math.ceil(ttl)))
      const args = [value, life, fence === undefined ? '' : String(fence), owner === undefined ? '0' : '1', key]
      return (await ask(SET, keys, ...args)) === 1
    },
    async delete(key) {
      await ask(DELETE, [valueKey + key, owned], key)
    },
    async list(owner) {
      return (await ask(LIST, [listKey(owner)])) as string[]
    },
    async *keys(start) {
      for (let from = `[${start}`; ;) {
        const [last = '', ...page] = (await ask(PAGE, [owned], from, String(PAGE_SIZE), valueKey)) as string[]
        for (const key of page) {
          if (!key.startsWith(start)) return
          yield key
        }
        if (last === '' || !last.startsWith(start)) return
        from = `(${last}`
      }
    },
    withLock: createLocks(locks, { lease, lockTimeout }),
  }
}

function overdue(timeout: number): Error {
  return new Error(`Redis did not answer within ${timeout} ms. Check that it is up and reachable from this process.`)
}
