import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { startSimulated } from '@orgpass/sample-host'
import type { Simulated } from '@orgpass/sample-host'
import { createAgent, listen, startProgram } from '@orgpass/testing'
import type { Agent, Listening } from '@orgpass/testing'
import { signIn } from '@orgpass/testing/adapter'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildApp } from '../src/app.ts'

const asScript = { accept: 'application/json', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }

let server: Listening
let simulated: Simulated

beforeAll(async () => {
  let app: RequestListener | undefined
  server = await listen((req, res) => app?.(req, res))
  simulated = await startSimulated(server.url)
  const { env, demo } = simulated
  app = getRequestListener(buildApp({ env: { ...env, APP_BASE_URL: server.url }, demo }).fetch)
})
beforeEach(() => simulated.simulator.reset())
afterAll(async () => {
  await server.close()
  await simulated.simulator.close()
})

async function login(name = 'ada'): Promise<Agent> {
  const agent = createAgent(server.url)
  await signIn(simulated.simulator, agent, { username: `${name}@acme.example` })
  return agent
}

describe('the page', () => {
  it('is static, and everything it needs comes from this app', async () => {
    const agent = createAgent(server.url)
    const page = await agent.get('/')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const text = await page.text()
    for (const path of ['/page.css', '/page.js']) {
      expect(text).toContain(path)
      expect((await agent.get(path)).status).toBe(200)
    }
  })

  it('learns who is there, and how to log in to the simulator', async () => {
    const stranger: unknown = await (await createAgent(server.url).get('/api/me', { headers: asScript })).json()
    expect(stranger).toMatchObject({ person: null, demo: { password: 'simulator' } })
    const me = await (await login()).get('/api/me', { headers: asScript })
    expect(me.headers.get('cache-control')).toBe('no-store')
    expect(await me.json()).toMatchObject({
      person: { displayName: 'Ada Lovell', orgId: simulated.simulator.org().id },
    })
  })
})

describe('the API', () => {
  it('lists contacts, adds one and shows it', async () => {
    const agent = await login()
    const before = (await (await agent.get('/api/contacts')).json()) as unknown[]
    expect(before[0]).toMatchObject({ id: expect.stringMatching(/^003/), name: expect.any(String) })
    const json = { firstName: 'Edsger', lastName: 'Aaken', email: 'e@example.com' }
    const added = await agent.post('/api/contacts', { json })
    expect([added.status, await added.json()]).toEqual([201, { id: expect.stringMatching(/^003/) }])
    const after = (await (await agent.get('/api/contacts')).json()) as { name: string }[]
    expect(after).toHaveLength(before.length + 1)
    expect(after[0]).toMatchObject({ name: 'Edsger Aaken', email: 'e@example.com' })
  })

  it.each([{}, { lastName: ' ' }, { lastName: 7 }, { lastName: 'x'.repeat(81) }, 'text', null])(
    'refuses %j as a contact',
    async (json) => {
      const refused = await (await login()).post('/api/contacts', { json })
      expect([refused.status, await refused.json()]).toMatchObject([422, { error: 'contact/invalid' }])
    },
  )

  it('streams all contacts, also after the token died', async () => {
    const agent = await login()
    const count = ((await (await agent.get('/api/contacts')).json()) as unknown[]).length
    simulated.simulator.expireAccessTokens()
    const response = await agent.get('/api/contacts/export')
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    const lines = (await response.text()).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toHaveLength(count)
  })

  it('asks strangers to log in, as JSON', async () => {
    for (const path of ['/api/contacts', '/api/contacts/export']) {
      const response = await createAgent(server.url).get(path, { headers: asScript })
      expect([response.status, await response.json()]).toMatchObject([401, { needsLogin: true, login: '/auth/login' }])
    }
  })

  it('says what Salesforce refuses, in its words and with a hint', async () => {
    const agent = await login('alan')
    const refused = await agent.post('/api/contacts', { json: { lastName: 'Aaken' } })
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect(refused.status).toBeLessThan(500)
    expect(await refused.json()).toMatchObject({ error: expect.stringMatching(/^rest\//), hint: expect.any(String) })
  })

  it('takes contacts from its own page only', async () => {
    const agent = await login()
    const forged = await agent.post('/api/contacts', {
      json: { lastName: 'Evil' },
      headers: { origin: 'https://evil.example' },
    })
    expect([forged.status, await forged.json()]).toMatchObject([403, { error: 'request/cross-origin' }])
  })

  it('answers unknown addresses as JSON', async () => {
    const response = await createAgent(server.url).get('/api/nothing')
    expect([response.status, await response.json()]).toMatchObject([404, { error: 'not-found' }])
  })
})

it('starts by one command with a simulator', { timeout: 60_000 }, async () => {
  const program = startProgram(new URL('../src/main.ts', import.meta.url), { PORT: '0' })
  const me = await createAgent(await program.address).get('/api/me')
  expect(await me.json()).toMatchObject({ person: null, demo: { password: 'simulator' } })
  program.kill('SIGTERM')
  expect(await program.ended).toMatchObject({ code: 0, out: expect.stringContaining('ada@acme.example') })
})
