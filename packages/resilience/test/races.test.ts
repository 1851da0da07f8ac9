import { afterAll, describe, expect, it } from 'vitest'
import { bundleWorkerProcess } from '../src/bundle.ts'
import { Crew, sumUp } from '../src/crew.ts'
import { startServices } from '../src/services.ts'
import { createWorld } from '../src/world.ts'

const PROCESSES = 8
const USERS = 50
const EXPIRIES = 5
const services = await startServices()
const worker = await bundleWorkerProcess()
afterAll(async () => {
  await Promise.all(services.map(async ([, server]) => server?.stop()))
  await worker[Symbol.asyncDispose]()
})

describe.each(services)('8 processes with 50 users each of one connection through %s, rotation on', (_, server) => {
  it.skipIf(server === undefined)(
    'spend one refresh token at each expiry, and every call succeeds',
    { timeout: 120_000 },
    async () => {
      const world = await createWorld(server?.url ?? '')
      const crew = new Crew(worker.file, world.settings, { size: PROCESSES })
      try {
        const connection = await world.connect()
        const task = { subjects: [{ connection }], users: USERS }
        world.spends()
        for (let i = 0; i < EXPIRIES; i++) {
          world.sim.expireAccessTokens()
          expect(sumUp(await crew.run(task))).toEqual({ 200: PROCESSES * USERS })
          expect(world.spends()).toEqual(['200'])
        }
        expect(world.sim.requests.filter(({ error }) => error === 'invalid_grant')).toEqual([])
      } finally {
        await crew.close()
        await world.close()
      }
    },
  )
})
