import { startSample } from '@orgpass/sample-host'
import { buildApp } from './app.ts'
import { demoSeed } from './demo-seed.ts'
import { openStore } from './open-store.ts'
import { readPause } from './pause.ts'
import { startWorker } from './worker.ts'

await startSample(
  'Orgpass for a SaaS',
  ({ env, demo }) => {
    const store = openStore(env)
    const { app, salesforce, people } = buildApp({ env, store, ...(demo && { demo }) })
    // With a database of its own, the worker is a program of its own, as often as you like; none reaches the simulator.
    const isInside = demo !== undefined || env['DATABASE_URL'] === undefined
    const worker = isInside
      ? startWorker({ salesforce, store, tenants: people.tenants, pause: readPause(env, 5_000) })
      : undefined
    const close = async (): Promise<void> => {
      await worker?.stop()
      await store.close()
    }
    return { listener: app, close }
  },
  { seed: demoSeed },
)
