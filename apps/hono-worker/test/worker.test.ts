import { fileURLToPath } from 'node:url'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { createAgent, eventually, freePort } from '@orgpass/testing'
import type { Agent } from '@orgpass/testing'
import { signIn } from '@orgpass/testing/adapter'
import { serveScript } from '@orgpass/testing/runtimes'
import type { ServedProcess } from '@orgpass/testing/runtimes'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const asScript = { accept: 'application/json', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }

interface Call {
  place: string
  status: number
  renewals: number
}

describe('two isolates and one session', () => {
  let sim: Simulator
  let app: ServedProcess

  beforeAll(async () => {
    sim = await startSimulator()
    const { clientId, clientSecret } = sim.app()
    const port = await freePort()
    const env = {
      SALESFORCE_CLIENT_ID: clientId,
      SALESFORCE_CLIENT_SECRET: clientSecret,
      SALESFORCE_LOGIN_URL: sim.org().url,
      APP_BASE_URL: `http://localhost:${port}`,
      SESSION_SECRET: 'a session secret of the tests 0123456789 abcdef',
    }
    app = await serveScript('node', main, { port, env })
  }, 60_000)
  beforeEach(() => sim.reset())
  afterAll(async () => {
    await app.close()
    await sim.close()
  })

  async function login(): Promise<Agent> {
    const agent = createAgent(app.url)
    await signIn(sim, agent)
    return agent
  }
  const renewals = (): number => sim.requests.filter(({ grantType }) => grantType === 'refresh_token').length

  it('log a person in, show who it is, and log out', async () => {
    expect(await (await createAgent(app.url).get('/')).text()).toContain('Connect to Salesforce')
    const agent = await login()
    const page = await (await agent.get('/')).text()
    expect(page).toContain('<strong>Ada Lovell</strong>')
    expect(page).toContain(sim.org().id)
    expect(agent.cookies.all().map(({ name, value }) => [name, value.length])).toEqual([['salesforce.sid', 43]])
    expect((await agent.post('/auth/logout')).status).toBe(303)
    expect((await agent.get('/calls', { headers: asScript })).status).toBe(401)
    await eventually(() => sim.approvals('ada@acme.example').length === 0)
  })

  it('renew the token once for thirty requests at once, with rotation', async () => {
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const agent = await login()
    for (let round = 1; round <= 3; round++) {
      sim.expireAccessTokens()
      const answers = await Promise.all(
        Array.from({ length: 30 }, async () => (await (await agent.get('/calls')).json()) as Call),
      )
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 200))
      expect(new Set(answers.map(({ place }) => place))).toEqual(new Set(['east', 'west']))
      expect(renewals()).toBe(round)
    }
    expect(sim.approvals('ada@acme.example')).toHaveLength(1)
  })

  it('end a session in both when it ends in one', async () => {
    const agent = await login()
    const headers = { cookie: `salesforce.sid=${agent.cookies.get('salesforce.sid') ?? ''}`, ...asScript }
    await agent.post('/auth/logout')
    for (const _ of ['east', 'west']) {
      expect((await createAgent(app.url).get('/calls', { headers })).status).toBe(401)
    }
  })

  it('explain an error to a person', async () => {
    const response = await createAgent(app.url).get('/auth/callback')
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('<h1>')])
  })

  it('refuse the pages of others', async () => {
    const agent = await login()
    const forged = await agent.post('/end-token', { headers: { origin: 'https://evil.example' } })
    expect(forged.status).toBe(400)
    expect((await agent.get('/')).headers.get('content-security-policy')).toContain("default-src 'none'")
  })
})

describe('with nothing configured', { timeout: 60_000 }, () => {
  it('starts with a simulator, and stops with it', async () => {
    const app = await serveScript('node', main, { port: await freePort() })
    const agent = createAgent(app.url)
    const page = await (await agent.get('/')).text()
    expect(page).toContain('ada@acme.example')
    const simulator = /href="(http:[^"]+)"/.exec(page)?.[1] ?? ''
    expect((await fetch(simulator)).status).toBe(200)
    expect(app.output()).toContain(app.url)
    await app.close()
    await expect(fetch(simulator)).rejects.toThrow('fetch failed')
    await expect(fetch(app.url)).rejects.toThrow('fetch failed')
  })

  it('names what is missing of a half configured org', async () => {
    const env = { SALESFORCE_CLIENT_ID: 'id' }
    await expect(serveScript('node', main, { port: await freePort(), env })).rejects.toThrow(
      'SALESFORCE_CLIENT_SECRET, SALESFORCE_LOGIN_URL, APP_BASE_URL, SESSION_SECRET are missing',
    )
  })
})
