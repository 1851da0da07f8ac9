import type { KeyValueStore, Lease } from '@orgpass/core/store'
import { it } from 'vitest'
import type { ClientOptions, ContractOptions, Feature, StoreClient, StoreUnderTest } from './store-under-test.ts'

/** What the sections of the contract work with. */
export interface Stage {
  /** What a client of its own sees, which is closed when the test ends. */
  client(options?: Partial<ClientOptions>): Promise<KeyValueStore>
  /** A client that the test may close before. */
  open(options?: Partial<ClientOptions>): Promise<StoreClient>
  /** A key that no other test has. */
  key(): string
  /** How many keys a test of many takes. */
  readonly many: number
  readonly server: () => NonNullable<StoreUnderTest['server']>
  /** For a test of what some stores cannot show. */
  readonly needs: (feature: Feature) => typeof it | typeof it.skip
  /** Closes the clients of a test. */
  readonly clear: () => Promise<void>
}

const DEFAULTS: ClientOptions = { lease: 10_000, lockTimeout: 30_000, timeout: 5_000 }
/** One minute: no test takes as long. */
export const MINUTE = { ttl: 60_000 }

const skipped: typeof it.skip = it.skip

export function createStage(tested: () => StoreUnderTest, { lacks = {}, many = 2_000 }: ContractOptions): Stage {
  const clients = new Set<StoreClient>()
  const run = crypto.randomUUID()
  let keys = 0

  async function open(options: Partial<ClientOptions> = {}): Promise<StoreClient> {
    const opened = await tested().open({ ...DEFAULTS, ...options })
    const client = {
      store: opened.store,
      async close() {
        if (clients.delete(client)) await opened.close()
      },
    }
    clients.add(client)
    return client
  }

  return {
    client: async (options) => (await open(options)).store,
    open,
    many,
    key: () => `contract:${run}:${++keys}`,
    server() {
      const { server } = tested()
      if (server === undefined)
        throw new TypeError("There is no `server` to kill. Say so in `lacks`: { restart: 'why', persistence: 'why' }.")
      return server
    },
    needs: (feature) => (lacks[feature] === undefined ? it : skipped),
    async clear() {
      await Promise.all([...clients].map((client) => client.close()))
    },
  }
}

export const sleep = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration))

/** Takes a lock and keeps it until told. */
export async function hold(store: KeyValueStore, key: string): Promise<Held> {
  let leave = (): void => undefined
  const told = new Promise<void>((resolve) => void (leave = resolve))
  let enter: (lease: Lease) => void = () => undefined
  const entered = new Promise<Lease>((resolve) => void (enter = resolve))
  const left = store.withLock(key, async (lease) => {
    enter(lease)
    await told
  })
  left.catch(() => undefined)
  const lease = await Promise.race([entered, left.then(() => Promise.reject(new Error('The lock was not held.')))])
  return {
    lease,
    async release() {
      leave()
      await left
    },
  }
}

export interface Held {
  readonly lease: Lease
  release(): Promise<void>
}
