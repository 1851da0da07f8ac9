import type { Environment, KeyValueStore } from '@orgpass/core'
import { postgresStore } from '@orgpass/store-postgres'
import { pgliteStore } from '@orgpass/store-postgres/pglite'
import { Pool } from 'pg'

export interface OpenedStore extends KeyValueStore {
  close(): Promise<void>
}

/** Where connections and counts are kept: in PostgreSQL, or in one within this process when none is named. */
export function openStore({ DATABASE_URL }: Environment): OpenedStore {
  if (DATABASE_URL === undefined) return pgliteStore()
  const pool = new Pool({ connectionString: DATABASE_URL, connectionTimeoutMillis: 3_000 })
  pool.on('error', (error) => console.error(`The database is away: ${error.message}`))
  return { ...postgresStore(pool), close: () => pool.end() }
}
