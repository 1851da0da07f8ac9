import { createLocks, readStoreOptions, within } from '@orgpass/core/store'
import type { KeyValueStore } from '@orgpass/core/store'
import { fromBytes, toBytes } from './database.ts'
import type { Database } from './database.ts'
import { checkSchema, migrate } from './migrations.ts'
import { after, next } from './ranges.ts'
import { statementsFor, SWEEP_SIZE } from './statements.ts'

export interface PostgresStoreOptions {
  /** The PostgreSQL schema of the tables. @default 'orgpass' */
  schema?: string
  /** Whether tables are made and brought up to date at first use: needs a role that may. See `migrationSql`. @default true */
  migrate?: boolean
  /**
   * How long a lock outlives a holder that died; it is renewed while its holder lives. Milliseconds, at least 100.
   * @default 10_000
   */
  lease?: number
  /** How long a lock is waited for. Milliseconds. @default 30_000 */
  lockTimeout?: number
  /** How long a statement may take, getting a connection included. Milliseconds. @default 5_000 */
  timeout?: number
}

const DEFAULTS: Required<PostgresStoreOptions> = {
  schema: 'orgpass',
  migrate: true,
  lease: 10_000,
  lockTimeout: 30_000,
  timeout: 5_000,
}
const PAGE_SIZE = 500
/** How often what has ended is cleared away, by whichever process writes then. Milliseconds. */
const SWEEP_PAUSE = 60_000
/** How many times in a row, while there is more. */
const SWEEPS = 50
/** Of a statement that met another one, where transactions are stricter than by default. */
const ATTEMPTS = 10

/** An address, for example, would pass for a database that is away. */
function requireDatabase(database: Partial<Database> | null | undefined): void {
  if (typeof database?.query === 'function') return
  throw new TypeError(
    'postgresStore() takes a Pool of the package pg, or a PGlite: postgresStore(new Pool({ connectionString })).',
  )
}

/**
 * Keeps sessions and connections in PostgreSQL 12 or later. `database` is a `Pool` of the package `pg`, or a PGlite;
 * give the pool an error listener, or a lost idle connection ends the process. Locks are rows with a lease and every
 * operation is one statement, so poolers in transaction mode, such as PgBouncer, are fine.
 *
 * @throws {RangeError} for a schema or durations that cannot be meant. {TypeError} for what is no pool, or no option.
 */
export function postgresStore(database: Database, options: PostgresStoreOptions = {}): KeyValueStore {
  requireDatabase(database)
  const { schema, lease, lockTimeout, timeout, ...read } = readStoreOptions('postgresStore', options, DEFAULTS)
  const sql = statementsFor(checkSchema(schema))
  let migrated: Promise<void> | undefined = read.migrate ? undefined : Promise.resolve()
  let sweptAt = performance.now()

  function prepare(): Promise<void> {
    return (migrated ??= migrate(database, { schema }).catch((error: unknown) => {
      // The next use tries again: the database may only be away.
      migrated = undefined
      throw error
    }))
  }

  async function ask<Row>(statement: string, ...values: unknown[]): Promise<readonly Row[]> {
    await prepare()
    for (let attempt = 1; ; attempt++) {
      try {
        return (await database.query(statement, values)).rows as readonly Row[]
      } catch (error) {
        if (attempt < ATTEMPTS && isPassing(error)) continue
        throw isMissing(error) ? tablesMissing(schema, error) : error
      }
    }
  }
  const bounded = <T>(work: Promise<T>): Promise<T> => within(work, timeout, () => overdue(timeout))

  /** Nobody waits for it, and the next one finds what this one leaves. */
  async function sweep(): Promise<void> {
    if (performance.now() - sweptAt < SWEEP_PAUSE) return
    sweptAt = performance.now()
    for (const statement of [sql.sweepEntries, sql.sweepLocks]) {
      for (let i = 0; i < SWEEPS && (await database.query(statement)).rows.length === SWEEP_SIZE; i++);
    }
  }

  const locks = {
    async acquire(key: string, duration: number) {
      const [row] = await ask<{ fence: string | number | bigint }>(sql.acquire, toBytes(key), duration)
      return row && Number(row.fence)
    },
    async renew(key: string, fence: number, duration: number) {
      return (await ask(sql.renew, toBytes(key), fence, duration)).length > 0
    },
    async release(key: string, fence: number) {
      await ask(sql.release, toBytes(key), fence)
    },
  }

  return {
    async get(key) {
      const [row] = await bounded(ask<{ value: Uint8Array }>(sql.get, toBytes(key)))
      return row && fromBytes(row.value)
    },
    async set(key, value, { ttl, fence, owner }) {
      const values = [toBytes(key), toBytes(value), owner === undefined ? null : toBytes(owner), ttl]
      const rows = await bounded(fence === undefined ? ask(sql.set, ...values) : ask(sql.setFenced, ...values, fence))
      sweep().catch(() => undefined)
      return rows.length > 0
    },
    async delete(key) {
      await bounded(ask(sql.delete, toBytes(key)))
    },
    async list(owner) {
      const rows = await bounded(ask<{ key: Uint8Array }>(sql.list, toBytes(owner)))
      return rows.map(({ key }) => fromBytes(key))
    },
    async *keys(prefix) {
      const end = after(prefix)
      for (let from = toBytes(prefix); ;) {
        const page = await bounded(ask<{ key: Uint8Array }>(sql.page, from, end, PAGE_SIZE))
        for (const { key } of page) yield fromBytes(key)
        const last = page.at(-1)
        if (last === undefined || page.length < PAGE_SIZE) return
        from = next(last.key)
      }
    },
    withLock: createLocks(locks, { lease, lockTimeout, timeout }),
  }
}

/** Whether PostgreSQL gave it up for another transaction's sake: a serialization failure or a deadlock. */
function isPassing(error: unknown): boolean {
  return ['40001', '40P01'].includes(codeOf(error))
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code)

/** Whether the schema or a table is not there. */
function isMissing(error: unknown): boolean {
  return ['42P01', '3F000'].includes(codeOf(error))
}

function tablesMissing(schema: string, cause: unknown): Error {
  return new Error(
    `The tables of the store are missing in schema ${schema}. Call migrate(), or run what migrationSql() prints.`,
    { cause },
  )
}

function overdue(timeout: number): Error {
  return new Error(
    `PostgreSQL did not answer within ${timeout} ms. Check that it is up and that its pool is not used up.`,
  )
}
