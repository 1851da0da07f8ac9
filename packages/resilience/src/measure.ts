/** Fills a store with connections and measures what requests do with them: `node src/measure.ts redis|postgres [counts]`. */
import { randomBytes } from 'node:crypto'
import type { Exchange, SalesforceAuth } from '@orgpass/core'
import { createSalesforceAuth } from '@orgpass/core/node'
import { startPostgres, startRedis } from '@orgpass/testing/services'
import { fakeSalesforce, LOGIN_URL } from './fake-salesforce.ts'
import { openStore } from './open-store.ts'

const [kind = 'redis', counts = '1000,10000,100000'] = process.argv.slice(2)
// As most run it: filling it with a disk write for each answer would take an hour.
const args = ['--appendfsync', 'everysec']
const server = kind === 'redis' ? await startRedis('redis', { args }) : await startPostgres()
if (server === undefined) throw new Error(`There is no ${kind}.`)
const opened = await openStore(server.url, { lease: 10_000 })
const org = fakeSalesforce()
const salesforce = createSalesforceAuth(
  {
    clientId: 'id',
    clientSecret: 'secret',
    loginUrl: LOGIN_URL,
    baseUrl: 'https://app.example',
    scope: 'api refresh_token',
    session: { secret: randomBytes(32).toString('base64url') },
    connect: { store: opened.store },
    fetch: org.fetch,
    logger: () => undefined,
  },
  {},
)
const ids: string[] = []

async function connect(auth: SalesforceAuth, owner: string): Promise<void> {
  const cookies = new Map<string, string>()
  const visit = (target: string): Exchange => ({
    method: 'GET',
    target,
    header: (name) => (name === 'cookie' ? [...cookies.values()].join('; ') : undefined),
    form: async () => new URLSearchParams(),
    setCookie: (name, line) => void cookies.set(name, line.slice(0, line.indexOf(';'))),
    committed: false,
  })
  const { location = '' } = await auth.open(visit('/'), { owner: () => owner }).auth.connections.connect()
  const state = new URL(location).searchParams.get('state')
  await auth.open(visit(`/auth/callback?code=x&state=${state}`), { owner: () => owner }).handle()
}

/** Does something many times, several at once. Answers the median and the 99th percentile. Milliseconds. */
async function time(times: number, work: () => Promise<unknown>): Promise<readonly [median: number, p99: number]> {
  const durations: number[] = []
  const worker = async (): Promise<void> => {
    while (durations.length < times) {
      const from = performance.now()
      await work()
      durations.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: 4 }, worker))
  durations.sort((a, b) => a - b)
  const at = (part: number): number => Number((durations[Math.floor(durations.length * part)] ?? 0).toFixed(2))
  return [at(0.5), at(0.99)]
}

/** Each only once: a token that was renewed a moment ago needs no renewal. */
let renewed = 0
const any = (): number => Math.floor(Math.random() * ids.length)
const rows: object[] = []
for (const count of counts.split(',').map(Number)) {
  const from = ids.length
  for (let next = from; next < count;) {
    const batch = Array.from({ length: Math.min(64, count - next) }, (_, i) => `owner ${next + i}`)
    next += batch.length
    await Promise.all(batch.map((owner) => connect(salesforce, owner)))
    const made = await Promise.all(batch.map((owner) => salesforce.connections.default(owner)))
    ids.push(...made.map((connection) => connection?.id ?? ''))
  }
  globalThis.gc?.()
  const lookups = await time(4_000, () => salesforce.connections.get(ids[any()] ?? ''))
  const lists = await time(2_000, () => salesforce.connections.list(`owner ${any()}`))
  org.expire()
  const renewals = await time(600, async () => {
    const id = ids[renewed++ % ids.length] ?? ''
    return (await salesforce.connections.get(id))?.fetch('/x')
  })
  globalThis.gc?.()
  const heap = Math.round(process.memoryUsage().heapUsed / 1e6)
  rows.push({ store: server.version, connections: count, lookups, lists, renewals, 'heap MB': heap })
  console.error(rows.at(-1))
}
console.log(JSON.stringify(rows))
await opened.close()
await server.stop()
process.exit()
