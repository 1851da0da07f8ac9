import { requiresAuth, salesforceAuth } from '@orgpass/hono'
import type { SalesforceEnv } from '@orgpass/hono'
import { Hono } from 'hono'

const app = new Hono<SalesforceEnv>()
app.use(salesforceAuth())
app.get('/me', requiresAuth(), async (c) => c.json(await c.var.salesforce.identity()))

export default app
