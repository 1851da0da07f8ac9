import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { callApi, logIn } from './login-story.ts'

const base = '/services/data/v64.0/apps/oauth/usage'

let sim: Simulator
let admin: string | undefined
beforeEach(async () => {
  sim = createSimulator()
  admin = (await logIn(sim, { username: 'ada@acme.example' }))['access_token']
})

async function call(path: string, { method = 'GET', token = admin } = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` }
  return sim.fetch(new Request(sim.org().url + path, { method, headers }))
}

async function list(path: string): Promise<Record<string, Record<string, unknown>[]>> {
  const response = await call(path)
  expect(response.status).toBe(200)
  return (await response.json()) as Record<string, Record<string, unknown>[]>
}

describe('the OAuth usage inventory', () => {
  it('leads from apps to users to tokens', async () => {
    await logIn(sim, { username: 'grace@acme.example' })
    await logIn(sim, { username: 'grace@acme.example' })
    const { apps } = await list(base)
    expect(apps).toEqual([
      {
        identifier: sim.app().clientId,
        developerName: 'Orgpass_sample',
        accessTokenFormat: 'opaque',
        availableActions: ['block', 'uninstall'],
        isFromPackage: true,
        usageDetailsUrl: expect.stringContaining('/users'),
      },
    ])
    const { users } = await list(String(apps?.[0]?.['usageDetailsUrl']))
    expect(users?.map(({ username, tokenCount }) => [username, tokenCount])).toEqual([
      ['ada@acme.example', 1],
      ['grace@acme.example', 2],
    ])
    const { tokens } = await list(String(users?.[1]?.['tokensUrl']))
    expect(tokens).toHaveLength(2)
    expect(tokens?.[0]).toEqual({
      appIdentifier: sim.app().clientId,
      username: 'grace@acme.example',
      useCount: 1,
      initialConnectionAt: expect.stringMatching(/\+0000$/),
      lastUsedAt: expect.stringMatching(/\+0000$/),
      accessTokenFormat: 'opaque',
      revocationUrl: expect.stringContaining('/tokens/'),
    })
  })

  it('ends one authorization by its id', async () => {
    const first = await logIn(sim, { username: 'grace@acme.example' })
    const second = await logIn(sim, { username: 'grace@acme.example' })
    const { tokens } = await list(`${base}/${sim.app().clientId}/grace@acme.example/tokens`)
    expect((await call(String(tokens?.[0]?.['revocationUrl']), { method: 'DELETE' })).status).toBe(204)
    expect(sim.tokenState(first['refresh_token'] ?? '')).toBe('revoked')
    expect(sim.tokenState(second['refresh_token'] ?? '')).toBe('active')
    expect((await call(String(tokens?.[0]?.['revocationUrl']), { method: 'DELETE' })).status).toBe(404)
  })

  it("ends all of a user's at once, and nobody else's", async () => {
    const one = await logIn(sim, { username: 'grace@acme.example' })
    const other = await logIn(sim, { username: 'alan@acme.example' })
    const path = `${base}/${sim.app().clientId}/grace@acme.example/tokens`
    expect((await call(path, { method: 'DELETE' })).status).toBe(204)
    expect(sim.tokenState(one['access_token'] ?? '')).toBe('revoked')
    expect(sim.tokenState(other['access_token'] ?? '')).toBe('active')
    expect((await call(path, { method: 'DELETE' })).status).toBe(404)
    expect((await call(`${base}/${sim.app().clientId}//tokens`, { method: 'DELETE' })).status).toBe(404)
  })

  it('comes in pages of at most a hundred', async () => {
    await logIn(sim, { username: 'grace@acme.example' })
    const users = `${base}/${sim.app().clientId}/users`
    expect((await list(`${users}?pageSize=1&page=0`))['users']?.[0]?.['username']).toBe('ada@acme.example')
    expect((await list(`${users}?pageSize=1&page=1`))['users']?.[0]?.['username']).toBe('grace@acme.example')
    expect((await list(`${users}?pageSize=1&page=2`))['users']).toEqual([])
  })

  it('is for administrators with a live token', async () => {
    const { access_token: token = '' } = await logIn(sim, { username: 'grace@acme.example' })
    const refused = await call(base, { token })
    expect(refused.status).toBe(403)
    expect(await refused.json()).toEqual([
      { message: 'insufficient access rights on object id', errorCode: 'INSUFFICIENT_ACCESS' },
    ])
    expect((await call(base, { token: 'garbage' })).status).toBe(401)
  })

  it('has nothing at other addresses, and leaves the rest of the API alone', async () => {
    for (const path of ['/nobody/users', `/${sim.app().clientId}/nonsense`, '/tokens/none', '/a/b/c/d']) {
      expect((await call(base + path)).status).toBe(404)
    }
    expect((await call('/services/data/v1.0/apps/oauth/usage')).status).toBe(404)
    expect((await callApi(sim, admin)).status).toBe(200)
  })

  it("shows nothing of other orgs' people", async () => {
    const two = createSimulator({
      seed: { orgs: [{ name: 'Globex', users: [{ username: 'hank@globex.example', admin: true }] }] },
    })
    await logIn(two, { username: 'ada@acme.example' })
    const globex = two.org('Globex').url
    const { access_token: token } = await logIn(two, { base: globex, username: 'hank@globex.example' })
    const headers = { authorization: `Bearer ${token}` }
    const response = await two.fetch(new Request(`${globex}${base}/${two.app().clientId}/users`, { headers }))
    const { users } = (await response.json()) as { users: { username: string }[] }
    expect(users.map(({ username }) => username)).toEqual(['hank@globex.example'])
  })
})
