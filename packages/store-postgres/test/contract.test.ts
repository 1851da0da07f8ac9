import { describeStore } from '@orgpass/store-contract'
import { startPostgres } from '@orgpass/testing/services'
import { Pool } from 'pg'
import { describe } from 'vitest'
import { postgresStore } from '../src/index.ts'

const server = await startPostgres()
if (server === undefined) {
  describe.skip('the store on PostgreSQL (skipped: there is none)', () => undefined)
} else {
  describeStore(`on ${server.version}`, async () => ({
    async open(options) {
      const pool = new Pool({ connectionString: server.url, max: 10 })
      pool.on('error', () => undefined)
      return { store: postgresStore(pool, options), close: () => pool.end() }
    },
    server,
    close: () => server.stop(),
  }))
}
