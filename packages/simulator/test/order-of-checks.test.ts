import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { type Answer, callback, credentials, logIn, obtainCode, postToken } from './login-story.ts'

let sim: Simulator
let id: string
beforeEach(() => {
  sim = createSimulator()
  id = sim.app().clientId
})

async function description(body: Answer, base?: string): Promise<string> {
  const answer = await postToken(sim, body, base === undefined ? {} : { base })
  return answer.status === 200 ? 'ok' : (answer.body['error_description'] ?? '')
}

const flowOff = 'The external client app or the OAuth plugin is disabled.'

describe('of several faults at once the earliest is named', () => {
  it('for client credentials: host, client, flow, secret, user, address, scopes', async () => {
    sim.updateApp(id, { scopes: ['full'], ipRanges: ['10.0.0.1'], flows: { clientCredentials: false } })
    sim.updateUser('ada@acme.example', { active: false })
    const good = { grant_type: 'client_credentials', ...credentials(sim) }
    const bad = { ...good, client_secret: 'wrong' }
    expect(await description({ ...bad, client_id: 'nobody' }, sim.loginUrl)).toBe(
      'request not supported on this domain',
    )
    expect(await description({ ...bad, client_id: 'nobody' })).toBe('client identifier invalid')
    expect(await description(bad)).toBe('client credentials flow not enabled')
    sim.updateApp(id, { flows: { clientCredentials: true } })
    expect(await description(bad)).toBe('invalid client credentials')
    expect(await description(good)).toBe('inactive user')
    sim.updateUser('ada@acme.example', { active: true })
    expect(await description(good)).toBe('ip restricted')
    sim.updateApp(id, { ipRanges: [] })
    expect(await description(good)).toBe('no valid scopes defined')
  })

  it('for a code: client, flow, secret, code', async () => {
    const good = await obtainCode(sim)
    const bad = { ...good, client_secret: 'wrong', code: 'nothing' }
    sim.updateApp(id, { flows: { webServer: false } })
    expect(await description({ ...bad, client_id: 'nobody' })).toBe('client identifier invalid')
    expect(await description(bad)).toBe(flowOff)
    sim.updateApp(id, { flows: { webServer: true } })
    expect(await description(bad)).toBe('invalid client credentials')
    expect(await description({ ...good, code: 'nothing' })).toBe('invalid authorization code')
    expect(await description(good)).toBe('ok')
  })

  it('for a refresh: client, flow, secret, token', async () => {
    const { refresh_token: token = '' } = await logIn(sim)
    const good = { grant_type: 'refresh_token', refresh_token: token, ...credentials(sim) }
    const bad = { ...good, client_secret: 'wrong', refresh_token: 'nothing' }
    sim.updateApp(id, { flows: { refreshToken: false } })
    expect(await description(bad)).toBe(flowOff)
    sim.updateApp(id, { flows: { refreshToken: true } })
    expect(await description(bad)).toBe('invalid client credentials')
    expect(await description({ ...good, refresh_token: 'nothing' })).toBe('expired access/refresh token')
    expect(await description(good)).toBe('ok')
  })

  it('for a password: client, kind of app, flow, secret, password, user', async () => {
    const apps = [{ label: 'Old', kind: 'connectedApp' as const, callbackUrls: [callback] }]
    sim = createSimulator({ seed: { apps } })
    sim.updateOrg('Acme', { usernamePasswordFlowBlocked: false })
    sim.updateUser('ada@acme.example', { active: false, securityToken: '' })
    const old = sim.app('Old').clientId
    const login = { grant_type: 'password', username: 'ada@acme.example', password: 'wrong' }
    const bad = { ...login, ...credentials(sim, 'Old'), client_secret: 'wrong' }
    sim.updateApp(old, { kind: 'externalClientApp', flows: { usernamePassword: false } })
    expect(await description(bad)).toBe('grant type not supported')
    sim.updateApp(old, { kind: 'connectedApp' })
    expect(await description(bad)).toBe(flowOff)
    sim.updateApp(old, { flows: { usernamePassword: true } })
    expect(await description(bad)).toBe('invalid client credentials')
    expect(await description({ ...bad, ...credentials(sim, 'Old') })).toBe('authentication failure')
    expect(await description({ ...bad, ...credentials(sim, 'Old'), password: 'simulator' })).toBe('inactive user')
  })
})
