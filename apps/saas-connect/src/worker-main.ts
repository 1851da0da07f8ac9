import { createSalesforceAuth } from '@orgpass/core/node'
import { whyNotStarted } from '@orgpass/sample-host'
import { openDatabase } from './open-store.ts'
import { readPause } from './pause.ts'
import { createPeople } from './people.ts'
import { startWorker } from './worker.ts'

const { env } = process
try {
  const store = openDatabase(env)
  const salesforce = createSalesforceAuth({ connect: { store } }, env)
  const { tenants } = createPeople({ ...env, APP_BASE_URL: salesforce.baseUrl })
  const worker = startWorker({ salesforce, store, tenants, pause: readPause(env, 60_000) })
  console.log('The worker counts accounts. Stop it with Ctrl-C.')
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void worker.stop().then(() => store.close()))
} catch (error) {
  console.error(`Cannot start: ${whyNotStarted(error)}`)
  process.exitCode = 1
}
