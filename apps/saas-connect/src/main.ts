import { startSample } from '@orgpass/sample-host'
import { buildApp } from './app.ts'
import { demoSeed } from './demo-seed.ts'
import { openStore } from './open-store.ts'
import { startWorker } from './worker.ts'

/** Between two rounds of the worker. Milliseconds. */
const PAUSE = 5_000

await startSample(
  'Orgpass for a SaaS',
  async ({ env, demo }) => {
    const store = openStore(env)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void store.close())
    const { app, salesforce, people } = buildApp({ env, store, ...(demo && { demo }) })
    // With a database of its own, the worker is a program of its own: npm run worker, as often as you like.
    if (env['DATABASE_URL'] === undefined) startWorker({ salesforce, store, tenants: people.tenants, pause: PAUSE })
    return app
  },
  { seed: demoSeed },
)
