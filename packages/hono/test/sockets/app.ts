import { isSalesforceAuthError, requiresHandshakeOrigin } from '@orgpass/core'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { requires, requiresAuth, salesforceAuth } from '../../src/index.ts'
import type { SalesforceEnv } from '../../src/index.ts'

/** How a runtime takes a handshake: every message is answered by what `answer` says. */
export type Upgrade = (c: Context, answer: () => Promise<string>) => Response

/** An app whose socket calls Salesforce once for each message and tells the status, or the code of the error. */
export function socketApp(upgrade: Upgrade): Hono<SalesforceEnv> {
  const app = new Hono<SalesforceEnv>()
  app.use(salesforceAuth({ logger: () => undefined }))
  app.get('/', (c) => c.text('home'))
  app.get('/socket', requires(requiresHandshakeOrigin()), requiresAuth(), (c) =>
    upgrade(c, async () => {
      try {
        return String((await c.var.salesforce.fetch('/services/data/v64.0/limits')).status)
      } catch (error) {
        return isSalesforceAuthError(error) ? error.code : String(error)
      }
    }),
  )
  app.get('/call', async (c) => c.text(String((await c.var.salesforce.fetch('/services/data/v64.0/limits')).status)))
  return app
}
