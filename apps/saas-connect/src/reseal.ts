import { createSalesforceAuth } from '@orgpass/core/node'
import { openStore } from './open-store.ts'

const { connections } = createSalesforceAuth({ connect: { store: openStore(process.env) } })
const { resealed, unreadable } = await connections.reseal()
console.log(`${resealed} connections are sealed with the newest secret.`)
if (unreadable > 0) console.log(`${unreadable} cannot be opened with any secret of SESSION_SECRET.`)
process.exit()
