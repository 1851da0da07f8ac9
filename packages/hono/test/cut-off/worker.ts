import { allOf, requiresBearer, requiresOrg, requiresUserType } from '@orgpass/core'
import { Hono } from 'hono'
import { requires, salesforceAuth } from '../../src/index.ts'
import type { SalesforceEnv } from '../../src/index.ts'

interface Bindings {
  readonly ISSUER: string
  readonly CALLER: string
}

const app = new Hono<SalesforceEnv & { Bindings: Bindings }>()
app.use(
  salesforceAuth(({ ISSUER, CALLER }: Bindings) => ({
    timeout: 1_500,
    bearer: { issuers: [ISSUER], clientIds: [CALLER], opaque: {} },
  })),
)
app.get('/token', requires(requiresBearer()), (c) => c.text('in'))
app.get('/org', requires(allOf(requiresBearer(), requiresOrg('production'))), (c) => c.text('in'))
app.get('/type', requires(allOf(requiresBearer(), requiresUserType('STANDARD'))), (c) => c.text('in'))

/** As Hono runs where nobody hands it an execution context: nothing outlives its request. */
const unkept = new Hono<{ Bindings: Bindings }>()
unkept.all('/unkept/*', ({ req: { raw }, env }) => app.fetch(new Request(raw.url.replace('/unkept', ''), raw), env))
unkept.all('*', (c) => app.fetch(c.req.raw, c.env, c.executionCtx))

export default unkept
