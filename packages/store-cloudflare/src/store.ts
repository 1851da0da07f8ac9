import { lockBusy, readStoreOptions, underLease, within } from '@orgpass/core/store'
import type { KeyValueStore, Lease } from '@orgpass/core/store'
import type { Answers, Command, Membership } from './command.ts'
import type { ObjectNamespace } from './platform.ts'

export interface DurableObjectStoreOptions {
  /**
   * How long a lock outlives a holder that died. It is renewed while its holder lives. Milliseconds. @default 10_000
   */
  lease?: number
  /** How long a lock is waited for. Milliseconds. @default 30_000 */
  lockTimeout?: number
  /** How long an object may take to answer. Milliseconds. @default 10_000 */
  timeout?: number
}

const DEFAULTS: Required<DurableObjectStoreOptions> = { lease: 10_000, lockTimeout: 30_000, timeout: 10_000 }
const ATTEMPTS = 3
/** Platforms cut off requests that take long: a lock is asked for again and again. Milliseconds. */
const LONGEST_WAIT = 5_000
/** Objects that share the keys which have an owner: one alone would get hot. */
const REGISTRIES = 16

/** A misspelt name, for example, would pass for an object that is away. */
function requireNamespace(namespace: Partial<ObjectNamespace> | null | undefined): void {
  if (typeof namespace?.idFromName === 'function') return
  throw new TypeError('durableObjectStore() takes a binding of Durable Objects: durableObjectStore(env.SESSIONS).')
}

/**
 * Keeps sessions and connections in Durable Objects, one for each key and one for each owner's list: every isolate sees
 * the same value at once, and none gets hot.
 * Make it from the binding at each request, or once for an environment; it costs nothing.
 *
 * Workers KV is no substitute: it is eventually consistent and has no lock, so two isolates would spend one refresh token.
 * @throws {RangeError} for durations that cannot be meant. {TypeError} for what is no binding, or no option.
 */
export function durableObjectStore(namespace: ObjectNamespace, options: DurableObjectStoreOptions = {}): KeyValueStore {
  requireNamespace(namespace)
  const { lease, lockTimeout, timeout } = readStoreOptions('durableObjectStore', options, DEFAULTS)
  const ask = <C extends Command>(name: string, command: C): Promise<Answers[C['ask']]> => {
    const patience = timeout + (command.ask === 'acquire' ? command.wait : 0)
    return within(send(namespace, name, command), patience, () => noAnswer(patience))
  }

  /** Takes a key off lists, unless another write has entered it since. */
  async function strike(key: string, mark: string, lists: readonly string[]): Promise<void> {
    await Promise.all(lists.map((list) => ask(list, { ask: 'strike', key, mark })))
  }

  async function* members(list: string, prefix: string): AsyncGenerator<string> {
    for (let after: string | undefined; ;) {
      const { keys, last } = await ask(list, { ask: 'page', prefix, ...(after !== undefined && { after }) })
      yield* keys
      if (last === null) return
      after = last
    }
  }

  async function acquire(key: string): Promise<number> {
    for (const deadline = performance.now() + lockTimeout; ;) {
      const wait = Math.min(LONGEST_WAIT, Math.max(0, deadline - performance.now()))
      const fence = await ask(key, { ask: 'acquire', lease, wait })
      if (fence !== null) return fence
      if (performance.now() >= deadline) throw lockBusy(lockTimeout)
    }
  }

  return {
    get: async (key) => (await ask(key, { ask: 'get' })) ?? undefined,
    async set(key, value, { ttl, fence, owner }) {
      const membership = owner === undefined ? undefined : { owner, mark: crypto.randomUUID() }
      const lists = membership === undefined ? [] : [listOf(membership.owner), registryOf(key)]
      // The lists come first: what is kept can always be found, and what is found is looked at.
      await Promise.all(lists.map((list) => ask(list, { ask: 'enter', key, ttl, mark: membership?.mark ?? '' })))
      const more = { ...(fence !== undefined && { fence }), ...(membership && { membership }) }
      const { written, before } = await ask(key, { ask: 'set', value, ttl, ...more })
      if (written && before !== undefined) await strike(key, before.mark, left(key, before, owner))
      return written
    },
    async delete(key) {
      const { before } = await ask(key, { ask: 'delete' })
      if (before !== undefined) await strike(key, before.mark, left(key, before, undefined))
    },
    async list(owner) {
      const found: string[] = []
      for await (const key of members(listOf(owner), '')) found.push(key)
      const owners = await Promise.all(found.map((key) => ask(key, { ask: 'owner' })))
      return found.filter((_, i) => owners[i] === owner)
    },
    async *keys(prefix) {
      for (let i = 0; i < REGISTRIES; i++) yield* members(registryName(i), prefix)
    },
    async withLock<T>(key: string, work: (lease: Lease) => Promise<T>): Promise<T> {
      const fence = await acquire(key)
      const held = {
        fence,
        lease,
        renew: () => ask(key, { ask: 'renew', fence, lease }),
        release: async () => void (await ask(key, { ask: 'release', fence })),
      }
      return underLease(held, work)
    },
  }
}

/** No key of core's begins with NUL. */
const listOf = (owner: string): string => `\0list:${owner}`

/** The lists that a key leaves. */
function left(key: string, before: Membership, owner: string | undefined): string[] {
  const lists = owner === before.owner ? [] : [listOf(before.owner)]
  return owner === undefined ? [...lists, registryOf(key)] : lists
}

const registryName = (i: number): string => `\0registry:${i}`

function registryOf(key: string): string {
  let hash = 0
  for (let i = 0; i < key.length; i++) hash = (hash * 31 + key.charCodeAt(i)) >>> 0
  return registryName(hash % REGISTRIES)
}

async function send<C extends Command>(
  namespace: ObjectNamespace,
  key: string,
  command: C,
): Promise<Answers[C['ask']]> {
  for (let attempt = 1; ; attempt++) {
    try {
      // A stub whose object broke stays broken: every attempt takes a new one.
      const stub = namespace.get(namespace.idFromName(key) as never)
      const response = await stub.fetch('https://orgpass.invalid/', { method: 'POST', body: JSON.stringify(command) })
      if (!response.ok) throw new Error(`The Durable Object of a session answered ${response.status}.`)
      return (await response.json()) as Answers[C['ask']]
    } catch (error) {
      if (attempt === ATTEMPTS || !isPassing(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, attempt * 100 * (0.5 + Math.random())))
    }
  }
}

function noAnswer(patience: number): Error {
  return new Error(`A Durable Object of the store did not answer within ${patience} ms. Try again.`)
}

/** Whether the platform says of its own error that another attempt may work: all commands may be repeated. */
function isPassing(error: unknown): boolean {
  const { retryable, overloaded } = error as { retryable?: unknown; overloaded?: unknown }
  return retryable === true && overloaded !== true
}
