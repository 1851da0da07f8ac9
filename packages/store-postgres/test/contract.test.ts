import { describeStore } from '@orgpass/store-contract'
import type { StoreUnderTest } from '@orgpass/store-contract'
import { startPostgres } from '@orgpass/testing/services'
import type { Service } from '@orgpass/testing/services'
import { Pool } from 'pg'
import { describe } from 'vitest'
import { postgresStore } from '../src/index.ts'

const server = await startPostgres()
const why = 'the server was given and may be shared'
const lacks = server?.given === true ? { restart: why, persistence: why, stall: why } : {}

describe.skipIf(server === undefined)('PostgreSQL', () => {
  const start = async (): Promise<StoreUnderTest> => ({
    async open(options) {
      const pool = new Pool({
        connectionString: server?.url,
        connectionTimeoutMillis: 5_000,
        query_timeout: 10_000,
        keepAlive: true,
      })
      pool.on('error', () => undefined)
      return { store: postgresStore(pool, options), close: () => pool.end() }
    },
    server: server as Service,
    close: async () => server?.stop(),
  })
  describeStore(`on ${server?.version}`, start, { lacks })
})
