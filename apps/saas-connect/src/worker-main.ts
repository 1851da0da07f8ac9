import { createSalesforceAuth } from '@orgpass/core/node'
import { openStore } from './open-store.ts'
import { createPeople } from './people.ts'
import { startWorker } from './worker.ts'

const env = process.env
if (env['DATABASE_URL'] === undefined) {
  console.error('Cannot start: DATABASE_URL is missing. Without a database the worker runs inside the app.')
  process.exit(1)
}
const store = openStore(env)
const salesforce = createSalesforceAuth({ connect: { store } }, env)
startWorker({ salesforce, store, tenants: createPeople(env).tenants, pause: 60_000 })
console.log('The worker counts accounts. Stop it with Ctrl-C.')
