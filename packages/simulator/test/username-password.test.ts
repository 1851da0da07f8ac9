import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { type Answer, callApi, callback, credentials, postToken } from './login-story.ts'

const password = 'simulatorSecurityTokenSimulator24'

let sim: Simulator
beforeEach(() => {
  const apps = [{ label: 'Old app', kind: 'connectedApp' as const, callbackUrls: [callback] }]
  const users = [{ username: 'hank@globex.example' }, { username: 'eve@client.example', site: 'customers' }]
  const sites = [{ name: 'Customers', path: 'customers' }]
  sim = createSimulator({
    seed: { apps, orgs: [{ name: 'Globex', users, sites, usernamePasswordFlowBlocked: false }] },
  })
  sim.updateOrg('Acme', { usernamePasswordFlowBlocked: false })
})

async function send(changes: Answer = {}, base?: string): Promise<{ status: number; body: Answer }> {
  const login = { grant_type: 'password', username: 'ada@acme.example', password }
  const body = { ...login, ...credentials(sim, 'Old app'), ...changes }
  return postToken(sim, body, base === undefined ? {} : { base })
}

async function outcome(changes?: Answer, base?: string): Promise<string> {
  const { status, body } = await send(changes, base)
  return status === 200 ? 'ok' : `${body['error']}: ${body['error_description']}`
}

const failure = 'invalid_grant: authentication failure'

describe('username and password', () => {
  it('with the security token behind are answered without scope and refresh token', async () => {
    const { status, body } = await send()
    expect([status, Object.keys(body).toSorted()]).toEqual([
      200,
      ['access_token', 'id', 'instance_url', 'issued_at', 'signature', 'token_type'],
    ])
    expect((await callApi(sim, body['access_token'])).status).toBe(200)
  })

  it('work at the login host, and the name in any case', async () => {
    expect(await outcome({ username: 'ADA@acme.example' }, sim.loginUrl)).toBe('ok')
  })

  it('work without the token from a trusted address, and for users who have none', async () => {
    expect(await outcome({ password: 'simulator' })).toBe(failure)
    sim.updateOrg('Acme', { trustedIpRanges: ['127.0.0.0/8'] })
    expect(await outcome({ password: 'simulator' })).toBe('ok')
    expect(await outcome()).toBe('ok')
    sim.updateOrg('Acme', { trustedIpRanges: ['10.0.0.0/8'] })
    expect(await outcome({ password: 'simulator' })).toBe(failure)
    sim.updateUser('ada@acme.example', { securityToken: '' })
    expect(await outcome({ password: 'simulator' })).toBe('ok')
  })

  it.each([
    ['an unknown user', { username: 'nobody@acme.example' }],
    ['a wrong password', { password: `wrong${password}` }],
    ['a wrong token', { password: 'simulatorSECURITYTOKENSIMULATOR24' }],
  ])('with %s fail in the same words', async (_what, changes) => {
    expect(await outcome(changes)).toBe(failure)
  })

  it('fail in those words, too, where the org blocks the flow, which is the default', async () => {
    sim.updateOrg('Acme', { usernamePasswordFlowBlocked: true })
    expect(await outcome()).toBe(failure)
    sim.reset()
    expect(await outcome()).toBe(failure)
  })

  it('are unknown to External Client Apps', async () => {
    expect(await outcome(credentials(sim))).toBe('unsupported_grant_type: grant type not supported')
  })

  it('belong where the user does', async () => {
    const { url, sites } = sim.org('Globex')
    const [hank, eve] = [{ username: 'hank@globex.example' }, { username: 'eve@client.example' }]
    expect([await outcome(hank, url), await outcome(hank)]).toEqual(['ok', failure])
    expect([await outcome(eve, sites[0]?.url), await outcome(eve, url)]).toEqual(['ok', failure])
  })

  it('count as logins', async () => {
    sim.updateOrg('Acme', { loginsPerHour: 1 })
    expect([await outcome(), await outcome()]).toEqual(['ok', 'rate_limit_exceeded: login rate exceeded'])
  })

  it.each([
    ['a wrong secret', { client_secret: 'wrong' }, 'invalid_client: invalid client credentials'],
    ['an unknown client', { client_id: '3MVG9nobody' }, 'invalid_client_id: client identifier invalid'],
  ])('with %s say so', async (_what, changes, expected) => {
    expect(await outcome(changes)).toBe(expected)
  })

  it('of an inactive user are refused only when they are right', async () => {
    sim.updateUser('ada@acme.example', { active: false })
    expect(await outcome()).toBe('invalid_grant: inactive user')
    expect(await outcome({ password: 'wrong' })).toBe(failure)
  })
})
