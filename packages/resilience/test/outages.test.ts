import { setTimeout as sleep } from 'node:timers/promises'
import { createSimulator } from '@orgpass/simulator'
import { afterAll, describe, expect, it } from 'vitest'
import { bundleWorkerProcess } from '../src/bundle.ts'
import { Crew, sumUp } from '../src/crew.ts'
import { openGate } from '../src/gate.ts'
import { startServices } from '../src/services.ts'
import { createWorld, OWNER } from '../src/world.ts'

/** Milliseconds. */
const STORE_AWAY = 3_000
const SALESFORCE_AWAY = 30_000
const CALM = 4_000

const services = await startServices()
const worker = await bundleWorkerProcess()
afterAll(async () => {
  await Promise.all(services.map(async ([, server]) => server?.stop()))
  await worker[Symbol.asyncDispose]()
})

describe.concurrent.each(services)('3 processes under load on %s, rotation on', (_, server) => {
  it.skipIf(server === undefined)(
    'lose no session and no connection while the store is killed and Salesforce is away, and recover by themselves',
    { timeout: 180_000 },
    async () => {
      if (server === undefined) throw new TypeError('There is no server.')
      const sim = createSimulator()
      const world = await createWorld(server.url, { lease: 1_000, timeout: 3_000, sim })
      const gate = await openGate(sim)
      const crew = new Crew(worker.file, { ...world.settings, gate: gate.port }, { size: 3 })
      try {
        const subjects = [{ connection: await world.connect() }, { cookie: await world.login('grace@acme.example') }]
        expect(sumUp(await crew.run({ subjects, users: 5 }))).toEqual({ 200: 30 })
        const duration = STORE_AWAY + SALESFORCE_AWAY + 4 * CALM
        const load = crew.run({ subjects, users: 5, duration })

        await sleep(CALM)
        await server.kill()
        await sleep(STORE_AWAY)
        await server.start()
        await sleep(CALM)
        await gate.shut()
        // What dies now has to be renewed while nobody answers.
        world.sim.expireAccessTokens()
        await sleep(SALESFORCE_AWAY)
        await gate.open()

        const outcomes = sumUp(await load)
        console.log(server.version, outcomes)
        expect(Object.keys(outcomes).filter((outcome) => outcome !== '200' && !outcome.endsWith(' retryable'))).toEqual(
          [],
        )
        expect(outcomes['200']).toBeGreaterThan(100)
        expect(sumUp(await crew.run({ subjects, users: 5 }))).toEqual({ 200: 30 })
        const info = await (await world.salesforce.connections.default(OWNER))?.describe()
        expect(info?.status).toBe('connected')
      } finally {
        await crew.close()
        await gate.shut().catch(() => undefined)
        await world.close()
      }
    },
  )
})
