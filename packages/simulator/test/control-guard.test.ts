import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Simulator, startSimulator } from '../src/index.ts'
import { numberedId } from '../src/ids.ts'
import { logIn } from './login-story.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
beforeEach(() => sim.reset())
afterAll(async () => sim.close())

interface Call {
  method?: string
  body?: unknown
  headers?: Record<string, string>
  origin?: string
}

async function control(path: string, { method = 'GET', body, headers = {}, origin = sim.loginUrl }: Call = {}) {
  const init = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
  const response = await fetch(`${origin}/__simulator${path}`, { method, headers, ...init })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text }
}

const post = async (path: string, body?: unknown, headers = {}): ReturnType<typeof control> =>
  control(path, { method: 'POST', body, headers })

describe('the control endpoints refuse', () => {
  it.each([
    ['a foreign Origin', { origin: 'http://localhost:3000' }, 'Origin'],
    ['an opaque Origin', { origin: 'null' }, 'Origin'],
    ['a cross-site fetch', { 'sec-fetch-site': 'cross-site' }, 'Sec-Fetch-Site'],
    ['a same-site fetch from another port', { 'sec-fetch-site': 'same-site' }, 'Sec-Fetch-Site'],
  ])('%s', async (_what, headers, word) => {
    await logIn(sim)
    expect(await post('/reset', undefined, headers)).toEqual({
      status: 403,
      body: { error: 'forbidden', message: expect.stringContaining(word) },
    })
    expect(sim.requests.length).toBeGreaterThan(0)
  })

  it('every host but the login host', async () => {
    for (const origin of [sim.org().url, sim.sandboxLoginUrl]) {
      expect((await control('/state', { origin })).status).toBe(404)
    }
  })

  it('bodies that make no sense', async () => {
    expect((await post('/clock', '{')).body).toEqual({ error: 'invalid', message: 'The body must be JSON.' })
    expect((await post('/clock', { advance: 'x' })).status).toBe(400)
    expect((await post('/faults', { endpoint: 'nope', fault: {} })).status).toBe(400)
    expect((await control('/apps/Nope', { method: 'PATCH', body: {} })).status).toBe(404)
    expect(await control('/apps/Orgpass%20sample', { method: 'PATCH', body: { scopes: [] } })).toMatchObject({
      status: 400,
      body: { faults: [{ path: 'scopes' }] },
    })
  })
})

describe('the control endpoints', () => {
  it('show the state and the requests, without a secret', async () => {
    const tokens = await logIn(sim)
    const { body: state } = await control('/state')
    expect(state).toMatchObject({
      loginUrl: sim.loginUrl,
      orgs: [{ name: 'Acme', url: sim.org().url }],
      apps: [{ label: 'Orgpass sample', clientId: sim.app().clientId }],
    })
    const { body: requests } = await control('/requests')
    expect(requests).toHaveLength(5)
    expect(requests.at(-1)).toEqual({
      at: expect.any(Number),
      method: 'POST',
      origin: sim.org().url,
      path: '/services/oauth2/token',
      status: 200,
      grantType: 'authorization_code',
    })
    const all = JSON.stringify([state, requests])
    const secrets = [sim.app().clientSecret, tokens['access_token'], tokens['refresh_token'], 'aPrx', 'password']
    for (const secret of secrets) expect(all).not.toContain(secret)
  })

  it('move the clock', async () => {
    const { body } = await post('/clock', { set: 1_900_000_000_000 })
    expect(body.now).toBeGreaterThanOrEqual(1_900_000_000_000)
    await post('/clock', { advance: 3_600_000 })
    expect(sim.clock.now()).toBeGreaterThanOrEqual(1_900_003_600_000)
  })

  it('set and clear faults', async () => {
    const down = async (): Promise<boolean> => (await fetch(`${sim.loginUrl}/services/oauth2/userinfo`)).status === 503
    await post('/faults', { endpoint: 'userinfo', fault: { status: 503 }, times: 2 })
    expect(await down()).toBe(true)
    expect((await control('/faults', { method: 'DELETE' })).status).toBe(204)
    expect(await down()).toBe(false)
  })

  it('change apps, users and orgs, expire sessions and move the instance', async () => {
    const { access_token: token = '' } = await logIn(sim)
    const change = async (path: string, body: unknown): Promise<number> =>
      (await control(path, { method: 'PATCH', body })).status
    expect(await change(`/apps/${sim.app().clientId}`, { refreshTokenRotation: true })).toBe(204)
    expect(sim.app().refreshTokenRotation).toBe(true)
    expect(await change('/users/ada@acme.example', { active: false })).toBe(204)
    expect(await change('/users/ada@acme.example', { active: true })).toBe(204)
    expect(await change('/orgs/Acme', { loginsPerHour: 1 })).toBe(204)
    await expect(logIn(sim)).rejects.toThrow(/rate_limit_exceeded/)
    await post('/expire-access-tokens')
    expect(sim.tokenState(token)).toBe('expired')
    const { body } = await post('/move-instance', { org: 'Acme' })
    expect(body.instanceUrl).toBe(sim.org().instanceUrl)
    expect(body.instanceUrl).not.toBe(sim.org().url)
  })

  it('reset everything', async () => {
    const { refresh_token: token = '', access_token: access = '' } = await logIn(sim)
    const account = `${sim.org().url}/services/data/v64.0/sobjects/Account/${numberedId('001', 1)}`
    const headers = { authorization: `Bearer ${access}`, 'content-type': 'application/json' }
    const renamed = await fetch(account, { method: 'PATCH', headers, body: '{"Name":"Renamed"}' })
    expect(renamed.status).toBe(204)
    sim.updateApp(sim.app().clientId, { blocked: true })
    await sim.moveInstance()
    sim.clock.advance(1000)
    expect((await post('/reset')).status).toBe(204)
    expect(sim.tokenState(token)).toBe('unknown')
    expect(sim.app().blocked).toBe(false)
    expect(sim.org().instanceUrl).toBe(sim.org().url)
    expect(sim.requests).toEqual([])
    expect(Math.abs(sim.clock.now() - Date.now())).toBeLessThan(500)
    const { access_token: fresh = '' } = await logIn(sim)
    const seeded: unknown = await (await fetch(account, { headers: { authorization: `Bearer ${fresh}` } })).json()
    expect(seeded).toMatchObject({ Name: 'Northwind Harbour' })
  })
})
