import type { Environment, KeyValueStore } from '@orgpass/core'
import { postgresStore } from '@orgpass/store-postgres'
import { pgliteStore } from '@orgpass/store-postgres/pglite'
import { Pool } from 'pg'

export interface OpenedStore extends KeyValueStore {
  close(): Promise<void>
}

/** Where connections and counts are kept: in PostgreSQL, or in one within this process when none is named. */
export function openStore(env: Environment): OpenedStore {
  return env['DATABASE_URL'] === undefined ? pgliteStore() : openDatabase(env)
}

/**
 * For programs beside the app, which cannot see what it keeps within its process.
 * @throws {TypeError} when no database is named.
 */
export function openDatabase({ DATABASE_URL }: Environment): OpenedStore {
  if (DATABASE_URL === undefined) {
    throw new TypeError('DATABASE_URL is missing. Without a database everything happens inside the app.')
  }
  const pool = new Pool({ connectionString: DATABASE_URL, connectionTimeoutMillis: 3_000 })
  pool.on('error', (error) => console.error(`The database is away: ${error.message}`))
  return { ...postgresStore(pool), close: () => pool.end() }
}
