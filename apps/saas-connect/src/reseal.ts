import { createSalesforceAuth } from '@orgpass/core/node'
import { whyNotStarted } from '@orgpass/sample-host'
import { openDatabase } from './open-store.ts'

try {
  const store = openDatabase(process.env)
  const { connections } = createSalesforceAuth({ connect: { store } })
  const { resealed, unreadable } = await connections.reseal().finally(() => store.close())
  console.log(`Sealed with the newest secret: ${resealed}.`)
  if (unreadable > 0) {
    console.error(`No secret in SESSION_SECRET opens ${unreadable} more. Keep the old ones in its list, and try again.`)
    process.exitCode = 1
  }
} catch (error) {
  console.error(`Cannot reseal everything: ${whyNotStarted(error)}`)
  process.exitCode = 1
}
