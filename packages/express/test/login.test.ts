import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { createAgent, listen } from '@orgpass/testing'
import express from 'express'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { requiresAuth, salesforceAuth } from '../src/index.ts'

let sim: Simulator
let app: Awaited<ReturnType<typeof listen>>

beforeAll(async () => {
  sim = await startSimulator()
  const server = express()
  app = await listen(server)
  const { clientId, clientSecret } = sim.app()
  server.use(salesforceAuth({ clientId, clientSecret, loginUrl: sim.org().url, baseUrl: app.url }))
  server.get('/me', requiresAuth(), async (req, res) => {
    const response = await req.salesforce.fetch('/services/data/v64.0/query?q=SELECT+Id,Name+FROM+Account+LIMIT+2')
    res.json({ session: await req.salesforce.session(), identity: await req.salesforce.identity(), accounts: await response.json() })
  })
})
afterAll(async () => {
  await app.close()
  await sim.close()
})

it('logs in and calls Salesforce', async () => {
  const agent = createAgent(app.url)
  const start = await agent.get('/auth/login')
  expect(start.status).toBe(302)
  const callback = await sim.signIn(start.headers.get('location') ?? '', { username: 'ada@acme.example' })
  const back = await agent.get(callback.href)
  expect(back.status, await back.clone().text()).toBe(303)
  const me = await agent.get('/me')
  if (me.status !== 200) throw new Error(await me.text())
  console.log(JSON.stringify(await me.json()).slice(0, 900), agent.cookies)
  sim.expireAccessTokens()
  expect((await agent.get('/me')).status).toBe(200)
  console.log(sim.requests.map((r) => `${r.method} ${r.path} ${r.grantType ?? ''} ${r.status}`))
})
