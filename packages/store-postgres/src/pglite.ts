import { PGlite } from '@electric-sql/pglite'
import { readStoreOptions } from '@orgpass/core/store'
import type { KeyValueStore } from '@orgpass/core/store'
import { claim } from './claim.ts'
import { postgresStore } from './store.ts'
import type { PostgresStoreOptions } from './store.ts'

export interface PgliteStoreOptions extends Omit<PostgresStoreOptions, 'migrate'> {
  /** The folder of the database's files. @default in memory: everything ends with the process */
  directory?: string
  /** How long a statement may take, starting the database included. Milliseconds. @default 60_000 */
  timeout?: number
}

const IN_MEMORY = ''
const DEFAULTS: Required<PgliteStoreOptions> = {
  directory: IN_MEMORY,
  schema: 'orgpass',
  lease: 10_000,
  lockTimeout: 30_000,
  timeout: 60_000,
}

/** A store that is a PostgreSQL of its own, within this process. */
export interface PgliteStore extends KeyValueStore {
  /** Writes everything down and lets go of the files. */
  close(): Promise<void>
}

/**
 * Keeps sessions and connections in an embedded PostgreSQL: nothing to install, and one process only. A second one that
 * opens the same folder is refused, because it would spoil the files. For development, demos and apps on one machine.
 * It takes a few seconds to start, at its first use.
 * @throws {RangeError} for durations that cannot be meant. {TypeError} for options that there are not.
 * @see https://pglite.dev
 */
export function pgliteStore(options: PgliteStoreOptions = {}): PgliteStore {
  const { directory, ...rest } = readStoreOptions('pgliteStore', options, DEFAULTS)
  let opened: Promise<Opened> | undefined
  const open = (): Promise<Opened> => (opened ??= openFolder(directory))
  const database = {
    query: async (text: string, values?: unknown[]) => (await open()).database.query(text, values),
    exec: async (text: string) => (await open()).database.exec(text),
  }
  const store = postgresStore(database, rest)
  return {
    ...store,
    reach: 'process',
    async close() {
      const before = await opened?.catch(() => undefined)
      opened = undefined
      await before?.database.close()
      before?.release()
    },
  }
}

interface Opened {
  readonly database: PGlite
  release(): void
}

async function openFolder(directory: string): Promise<Opened> {
  if (directory === IN_MEMORY) return { database: await PGlite.create(), release: () => undefined }
  const claimed = claim(directory)
  try {
    return { database: await PGlite.create({ dataDir: directory }), release: () => claimed.release() }
  } catch (error) {
    claimed.release()
    throw error
  }
}
