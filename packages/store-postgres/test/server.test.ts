import { startPostgres } from '@orgpass/testing/services'
import type { Service } from '@orgpass/testing/services'
import { Pool } from 'pg'
import type { PoolConfig } from 'pg'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { migrate, migrationSql, postgresStore } from '../src/index.ts'

const MINUTE = { ttl: 60_000 }
const postgres = await startPostgres({ own: true })
const pools: Pool[] = []
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.end()))
})
afterAll(() => postgres?.stop())

function connect(config: PoolConfig = {}): Pool {
  const pool = new Pool({ connectionString: (postgres as Service).url, ...config })
  pool.on('error', () => undefined)
  pools.push(pool)
  return pool
}

async function tablesOf(pool: Pool, schema: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 ORDER BY 1',
    [schema],
  )
  return rows.map(({ name }) => name)
}

const TABLES = ['entries', 'locks', 'migrations']

describe.skipIf(postgres === undefined)('the tables', () => {
  it('are made by many at once, and left alone by the next', async () => {
    const pool = connect({ max: 20 })
    await Promise.all(Array.from({ length: 20 }, () => migrate(pool, { schema: 'many' })))
    await pool.query('CREATE TABLE many.own (id int)')
    await migrate(pool, { schema: 'many' })
    expect(await tablesOf(pool, 'many')).toEqual(['entries', 'locks', 'migrations', 'own'])
  })

  it('are made by the printed script, too, which can be run again', async () => {
    const pool = connect()
    await pool.query(migrationSql({ schema: 'printed' }))
    await pool.query(migrationSql({ schema: 'printed' }))
    expect(await tablesOf(pool, 'printed')).toEqual(TABLES)
    expect(await postgresStore(pool, { schema: 'printed', migrate: false }).set('a', 'x', MINUTE)).toBe(true)
  })

  it('are named with a way out when they are missing and may not be made', async () => {
    const store = postgresStore(connect(), { schema: 'missing', migrate: false })
    await expect(store.get('a')).rejects.toThrow('missing in schema missing. Call migrate()')
  })

  it('are enough for a role that may use them and nothing else; without them it is told what to do', async () => {
    const admin = connect()
    await admin.query('CREATE ROLE modest LOGIN; REVOKE CREATE ON DATABASE postgres FROM modest')
    const { host } = new URL((postgres as Service).url)
    const pool = connect({ connectionString: `postgres://modest@${host}/postgres` })
    const store = postgresStore(pool, { schema: 'granted' })
    await expect(store.get('a')).rejects.toThrow('may not create the tables in schema granted. Run what migrationSql()')
    await migrate(admin, { schema: 'granted' })
    await admin.query(`GRANT USAGE ON SCHEMA granted TO modest;
      GRANT SELECT ON granted.migrations TO modest;
      GRANT SELECT, INSERT, UPDATE, DELETE ON granted.entries, granted.locks TO modest`)
    expect(await store.withLock('a', ({ fence }) => store.set('a', 'x', { ...MINUTE, fence, owner: 'one' }))).toBe(true)
    expect(await store.list('one')).toEqual(['a'])
  })

  it.each(['Upper', 'a-b', 'a;b', '', '1a'])('are not made in a schema that is no plain name: %o', async (schema) => {
    expect(() => postgresStore(connect(), { schema })).toThrow('is not a plain name')
    expect(() => migrationSql({ schema })).toThrow('is not a plain name')
  })
})

describe.skipIf(postgres === undefined)('the statements', () => {
  it('find their rows by an index in a hundred thousand', async () => {
    const pool = connect()
    await migrate(pool, { schema: 'big' })
    await pool.query(`INSERT INTO big.entries SELECT convert_to('key:' || i, 'UTF8'), 'x',
      convert_to('owner:' || i / 10, 'UTF8'), now() + interval '1 day' FROM generate_series(1, 100000) i; ANALYZE big.entries`)
    const used = async (sql: string): Promise<string> => {
      const { rows } = await pool.query<Record<string, string>>(`EXPLAIN ${sql}`)
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    }
    expect(
      await used("SELECT key FROM big.entries WHERE owner = 'owner:7' AND expires_at > clock_timestamp()"),
    ).toContain('entries_owner')
    expect(
      await used(
        "SELECT key FROM big.entries WHERE key >= 'key:7' AND key < 'key:8' AND owner IS NOT NULL ORDER BY key LIMIT 500",
      ),
    ).toContain('entries_pkey')
    const store = postgresStore(pool, { schema: 'big' })
    const found: string[] = []
    for await (const key of store.keys('key:77')) found.push(key)
    expect([found.length, await store.list('owner:777')]).toEqual([
      1_111,
      Array.from({ length: 10 }, (_, i) => `key:${7770 + i}`),
    ])
  })

  it('work under the strictest isolation, too', async () => {
    const strict = { options: '-c default_transaction_isolation=serializable' }
    const stores = [1, 2, 3, 4].map(() => postgresStore(connect(strict), { schema: 'strict' }))
    const [store] = stores as [(typeof stores)[0]]
    await Promise.all(
      stores.flatMap((one) =>
        Array.from({ length: 10 }, () =>
          one.withLock('a', async ({ fence }) => {
            const before = Number((await store.get('a')) ?? 0)
            expect(await store.set('a', String(before + 1), { ...MINUTE, fence })).toBe(true)
          }),
        ),
      ),
    )
    expect(await store.get('a')).toBe('40')
  })

  it.each([
    ['lease', { lease: 99 }],
    ['lockTimeout', { lockTimeout: Number.NaN }],
    ['timeout', { timeout: 0 }],
  ])('are not made with a %s that cannot be meant: %o', (name, options) => {
    expect(() => postgresStore(connect(), options)).toThrow(name)
  })
})
