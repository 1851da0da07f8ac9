/** A process of an app: holds the lock of a key until it is killed, or counts it up so many times. */
import { createClient } from 'redis'
import { redisStore } from '../../src/index.ts'

const [url, key = '', lease, times] = process.argv.slice(2)
const client = createClient({ ...(url !== undefined && { url }) })
client.on('error', () => undefined)
await client.connect()
const store = redisStore(client, { lease: Number(lease) })

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
client.destroy()
