import { PGlite } from '@electric-sql/pglite'
import type { KeyValueStore } from '@orgpass/core/store'
import { postgresStore } from './store.ts'
import type { PostgresStoreOptions } from './store.ts'

export interface PgliteStoreOptions extends Omit<PostgresStoreOptions, 'migrate'> {
  /** Where the database's files are kept. @default in memory: everything ends with the process */
  directory?: string
}

/** A store that is a PostgreSQL of its own, within this process. */
export interface PgliteStore extends KeyValueStore {
  /** Writes everything down and lets go of the files. */
  close(): Promise<void>
}

/**
 * Keeps sessions and connections in an embedded PostgreSQL: nothing to install, and one process only, because two would
 * spoil the files. For development, demos and apps on one machine. It takes a few seconds to start, at its first use.
 * @see https://pglite.dev
 */
export function pgliteStore({ directory, ...options }: PgliteStoreOptions = {}): PgliteStore {
  let opened: Promise<PGlite> | undefined
  const open = (): Promise<PGlite> => (opened ??= PGlite.create(directory === undefined ? {} : { dataDir: directory }))
  const database = {
    query: async (text: string, values?: unknown[]) => (await open()).query(text, values),
    exec: async (text: string) => (await open()).exec(text),
  }
  // Its first use starts it.
  const store = postgresStore(database, { timeout: 60_000, ...options })
  return { ...store, reach: 'process', close: async () => (await opened)?.close() }
}
