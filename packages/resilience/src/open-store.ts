import type { KeyValueStore } from '@orgpass/core'
import { postgresStore } from '@orgpass/store-postgres'
import { redisStore } from '@orgpass/store-redis'
import { Pool } from 'pg'
import { createClient } from 'redis'

export interface OpenedStore {
  readonly store: KeyValueStore
  close(): Promise<void>
}

export interface OpenStoreOptions {
  /** How long a dead holder's lock lasts. Milliseconds. */
  readonly lease: number
}

/** A client of the store at an address, as every process of an app has one. */
export async function openStore(url: string, { lease }: OpenStoreOptions): Promise<OpenedStore> {
  if (url.startsWith('redis:')) {
    const client = createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: 50 } })
    client.on('error', () => undefined)
    await client.connect()
    return { store: redisStore(client, { lease }), close: async () => client.destroy() }
  }
  // Dozens of processes start at once, and each connection is a process of the server's, too.
  const pool = new Pool({ connectionString: url, max: 4, connectionTimeoutMillis: 5_000 })
  pool.on('error', () => undefined)
  return { store: postgresStore(pool, { lease }), close: () => pool.end() }
}
