import { createLocks, within } from '@orgpass/core/store'
import type { KeyValueStore } from '@orgpass/core/store'
import { fromBytes, toBytes } from './database.ts'
import type { Database } from './database.ts'
import { checkSchema, migrate } from './migrations.ts'
import { after, next } from './ranges.ts'
import { statementsFor } from './statements.ts'

export interface PostgresStoreOptions {
  /** The PostgreSQL schema of the tables. @default 'orgpass' */
  schema?: string
  /** Whether tables are made and brought up to date at first use: needs a role that may. See `migrationSql`. @default true */
  migrate?: boolean
  /** How long a lock outlives a holder that died; it is renewed while its holder lives. Milliseconds. @default 10_000 */
  lease?: number
  /** How long a lock is waited for. Milliseconds. @default 30_000 */
  lockTimeout?: number
  /** How long a statement may take, getting a connection included. Milliseconds. @default 5_000 */
  timeout?: number
}

const PAGE_SIZE = 500
/** How often what has ended is cleared away, by whichever process writes then. Milliseconds. */
const SWEEP_PAUSE = 60_000

/**
 * Keeps sessions and connections in PostgreSQL 12 or later. `database` is a `Pool` of the package `pg`, or a PGlite;
 * give the pool an error listener, or a lost idle connection ends the process. Locks are rows with a lease and every
 * operation is one statement, so poolers in transaction mode, such as PgBouncer, are fine.
 *
 * @throws {RangeError} for a schema or durations that cannot be meant.
 */
export function postgresStore(database: Database, options: PostgresStoreOptions = {}): KeyValueStore {
  const { schema = 'orgpass', lease = 10_000, lockTimeout = 30_000, timeout = 5_000 } = options
  for (const [name, value] of Object.entries({ lease, lockTimeout, timeout })) {
    if (!(value > 0)) throw new RangeError(`postgresStore: ${name} is ${value}; give milliseconds greater than 0.`)
  }
  const sql = statementsFor(checkSchema(schema))
  let migrated: Promise<void> | undefined = options.migrate === false ? Promise.resolve() : undefined
  let sweptAt = Date.now()

  function prepare(): Promise<void> {
    return (migrated ??= migrate(database, { schema }).catch((error: unknown) => {
      // The next use tries again: the database may only be away.
      migrated = undefined
      throw error
    }))
  }

  function ask<Row>(statement: string, ...values: unknown[]): Promise<readonly Row[]> {
    const work = prepare().then(() => database.query(statement, values))
    return within(work, timeout, () => overdue(timeout)).then(({ rows }) => rows as readonly Row[])
  }

  function sweep(): void {
    if (Date.now() - sweptAt < SWEEP_PAUSE) return
    sweptAt = Date.now()
    // Nobody waits for it, and the next one finds what this one leaves.
    for (const statement of [sql.sweepEntries, sql.sweepLocks]) database.query(statement).catch(() => undefined)
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
      const [row] = await ask<{ value: Uint8Array }>(sql.get, toBytes(key))
      return row && fromBytes(row.value)
    },
    async set(key, value, { ttl, fence, owner }) {
      const values = [toBytes(key), toBytes(value), owner === undefined ? null : toBytes(owner), ttl]
      const rows = await (fence === undefined ? ask(sql.set, ...values) : ask(sql.setFenced, ...values, fence))
      sweep()
      return rows.length > 0
    },
    async delete(key) {
      await ask(sql.delete, toBytes(key))
    },
    async list(owner) {
      return (await ask<{ key: Uint8Array }>(sql.list, toBytes(owner))).map(({ key }) => fromBytes(key))
    },
    async *keys(prefix) {
      const end = after(prefix)
      for (let from = toBytes(prefix); ;) {
        const page = await ask<{ key: Uint8Array }>(sql.page, from, end, PAGE_SIZE)
        for (const { key } of page) yield fromBytes(key)
        const last = page.at(-1)
        if (last === undefined || page.length < PAGE_SIZE) return
        from = next(last.key)
      }
    },
    withLock: createLocks(locks, { lease, lockTimeout }),
  }
}

function overdue(timeout: number): Error {
  return new Error(
    `PostgreSQL did not answer within ${timeout} ms. Check that it is up and that its pool is not used up.`,
  )
}
