/** A process of an app on the embedded database: says what it finds, counts it up for ever, or says why it cannot. */
import { pgliteStore } from '../../src/pglite.ts'

const [directory = ''] = process.argv.slice(2)
const store = pgliteStore({ directory })
try {
  for (let count = Number((await store.get('count')) ?? 0); ;) {
    console.log(String(count))
    await store.set('count', String(++count), { ttl: 60_000, owner: 'one' })
  }
} catch (error) {
  console.log((error as Error).message)
}
