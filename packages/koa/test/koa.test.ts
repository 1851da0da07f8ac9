import { createSalesforceAuth } from '@orgpass/core/node'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { createAgent, freePort, listen } from '@orgpass/testing'
import type { SalesforceAuth } from '@orgpass/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requiresAuth, salesforceAuth, salesforceOf } from '../src/index.ts'
import type { SalesforceState } from '../src/index.ts'
import { hosts } from './hosts.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
afterAll(() => sim.close())

describe.each(hosts)('$name', ({ Koa }) => {
  it('lets middleware around the kit change its answers: replies are not sent behind its back', async () => {
    const { instance, port } = await atFreePort()
    const app = new Koa<SalesforceState>()
    app.use(async (ctx, next) => {
      await next()
      ctx.set('x-seen', `${ctx.status} ${ctx.response.headers['location'] === undefined ? 'without' : 'with'} location`)
    })
    app.use(salesforceAuth(instance)).use(requiresAuth())
    const server = await listen(app.callback(), port)
    const agent = createAgent(server.url)
    expect((await agent.get('/auth/login')).headers.get('x-seen')).toBe('302 with location')
    expect((await agent.get('/page')).headers.get('x-seen')).toBe('302 with location')
    expect((await agent.post('/page')).headers.get('x-seen')).toBe('401 without location')
    await server.close()
  })

  it('shows the state property to who asks for it only: it gets into no template and no log by itself', async () => {
    const { instance, port } = await atFreePort()
    const app = new Koa<SalesforceState>()
    app.use(salesforceAuth(instance))
    app.use((ctx) => {
      ctx.body = { keys: Object.keys(ctx.state), same: ctx.state.salesforce === salesforceOf(ctx) }
    })
    const server = await listen(app.callback(), port)
    expect(await (await createAgent(server.url).get('/')).json()).toEqual({ keys: [], same: true })
    await server.close()
  })
})

async function atFreePort(): Promise<{ instance: SalesforceAuth; port: number }> {
  const port = await freePort()
  const { clientId, clientSecret } = sim.app()
  const options = { clientId, clientSecret, loginUrl: sim.org().url, baseUrl: `http://localhost:${port}` }
  const session = { secret: 'a session secret of the tests 0123456789 abcdef' }
  return { port, instance: createSalesforceAuth({ ...options, session }, {}) }
}
