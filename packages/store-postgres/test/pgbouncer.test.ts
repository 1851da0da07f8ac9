import { describeStore } from '@orgpass/store-contract'
import type { StoreUnderTest } from '@orgpass/store-contract'
import { startPgBouncer, startPostgres } from '@orgpass/testing/services'
import type { Service } from '@orgpass/testing/services'
import { Pool } from 'pg'
import { afterAll, describe } from 'vitest'
import { postgresStore } from '../src/index.ts'

const postgres = await startPostgres({ own: true })
const pooler = postgres && (await startPgBouncer(postgres))
afterAll(() => postgres?.stop())

/** Both ends of the way may fail. */
const both: Pick<Service, 'kill' | 'start' | 'stall' | 'resume'> = {
  kill: async () => void (await Promise.all([pooler?.kill(), postgres?.kill()])),
  start: async () => void (await Promise.all([pooler?.start(), postgres?.start()])),
  stall: async () => postgres?.stall(),
  resume: async () => postgres?.resume(),
}

describe.skipIf(pooler === undefined)('PgBouncer in transaction mode', () => {
  const start = async (): Promise<StoreUnderTest> => ({
    async open(options) {
      const pool = new Pool({ connectionString: pooler?.url, max: 10, connectionTimeoutMillis: 5_000 })
      pool.on('error', () => undefined)
      return { store: postgresStore(pool, options), close: () => pool.end() }
    },
    server: both,
    close: async () => pooler?.stop(),
  })
  describeStore(`on ${postgres?.version} behind ${pooler?.version}`, start)
})
