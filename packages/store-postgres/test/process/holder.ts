/** A process of an app: holds the lock of a key until it is killed, or counts it up so many times. */
import { Pool } from 'pg'
import { postgresStore } from '../../src/index.ts'

const [url, schema = '', key = '', times] = process.argv.slice(2)
const pool = new Pool({ connectionString: url, max: 2 })
pool.on('error', () => undefined)
const store = postgresStore(pool, { schema, lease: 1_000 })

if (times === undefined) {
  await store.withLock(key, async ({ fence }) => {
    console.log(fence)
    await new Promise((resolve) => setTimeout(resolve, 60_000))
  })
} else {
  for (let i = 0; i < Number(times); i++) {
    await store.withLock(key, async ({ fence }) => {
      const before = Number((await store.get(key)) ?? 0)
      await store.set(key, String(before + 1), { ttl: 60_000, fence })
    })
  }
}
await pool.end()
