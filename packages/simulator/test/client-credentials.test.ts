import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { type Answer, callApi, credentials, postToken } from './login-story.ts'

let sim: Simulator
let id: string
beforeEach(() => {
  sim = createSimulator({ seed: { orgs: [{ name: 'Globex', users: [{ username: 'hank@globex.example' }] }] } })
  id = sim.app().clientId
})

async function send(changes: Answer = {}, base?: string): Promise<{ status: number; body: Answer }> {
  const body = { grant_type: 'client_credentials', ...credentials(sim), ...changes }
  return postToken(sim, body, base === undefined ? {} : { base })
}

async function outcome(changes?: Answer, base?: string): Promise<string> {
  const { status, body } = await send(changes, base)
  return status === 200 ? 'ok' : `${body['error']}: ${body['error_description']}`
}

describe('client credentials', () => {
  it('act as the Run-As user, with issued_at and signature but no refresh token', async () => {
    const { status, body } = await send()
    expect([status, Object.keys(body).toSorted()]).toEqual([
      200,
      ['access_token', 'id', 'instance_url', 'issued_at', 'scope', 'signature', 'token_type'],
    ])
    const bearer = { authorization: `Bearer ${body['access_token']}` }
    const me = await sim.fetch(new Request(`${sim.org().url}/services/oauth2/userinfo`, { headers: bearer }))
    expect(await me.json()).toMatchObject({ preferred_username: 'ada@acme.example' })
    expect((await callApi(sim, body['access_token'])).status).toBe(200)
  })

  it('carry every scope of the app but full, web and refresh_token', async () => {
    const scopes = ['api', 'full', 'web', 'refresh_token', 'offline_access', 'id']
    sim.updateApp(id, { scopes })
    expect((await send()).body['scope']?.split(' ').toSorted()).toEqual(['api', 'id'])
    sim.updateApp(id, { scopes: ['full', 'web', 'refresh_token'] })
    expect(await outcome()).toBe('invalid_grant: no valid scopes defined')
  })

  it('need no callback where no flow goes back to one', async () => {
    const flows = { clientCredentials: true, webServer: false, userAgent: false }
    sim = createSimulator({ seed: { apps: [{ label: 'Nightly', flows, runAs: 'ada@acme.example' }] } })
    const form = { grant_type: 'client_credentials', ...credentials(sim, 'Nightly') }
    expect((await postToken(sim, form)).status).toBe(200)
    const { clientId } = sim.app('Nightly')
    expect(() => sim.updateApp(clientId, { flows: { webServer: true } })).toThrow('app.callbackUrls: is missing')
    expect(sim.app('Nightly').flows.webServer).toBe(false)
    sim.updateApp(clientId, { flows: { webServer: true }, callbackUrls: ['https://app.example/cb'] })
    expect(sim.app('Nightly').flows.webServer).toBe(true)
  })

  it('may come by HTTP Basic', async () => {
    const { clientId, clientSecret } = sim.app()
    const response = await sim.fetch(
      new Request(`${sim.org().url}/services/oauth2/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
        headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
      }),
    )
    expect(response.status).toBe(200)
  })

  it('are refused on the login hosts before anything else is looked at', async () => {
    for (const base of [sim.loginUrl, sim.sandboxLoginUrl]) {
      expect(await outcome({ client_id: 'nobody' }, base)).toBe('invalid_grant: request not supported on this domain')
    }
  })

  it('are refused on a site', async () => {
    const orgs = [{ name: 'Globex', sites: [{ name: 'S', path: 's' }], users: [{ username: 'h@globex.example' }] }]
    sim = createSimulator({ seed: { orgs } })
    expect(await outcome({}, `${sim.org('Globex').url}/s`)).toBe('invalid_grant: request not supported on this domain')
  })

  it.each([
    ['an unknown client', { client_id: '3MVG9nobody' }, 'invalid_client_id: client identifier invalid'],
    ['a wrong secret', { client_secret: 'wrong' }, 'invalid_client: invalid client credentials'],
    ['a scope', { scope: 'api' }, 'invalid_request: scope parameter not supported'],
  ])('with %s are refused', async (_what, changes, expected) => {
    expect(await outcome(changes)).toBe(expected)
  })

  it.each([
    [
      'the flow switched off',
      () => sim.updateApp(id, { flows: { clientCredentials: false } }),
      'invalid_grant: client credentials flow not enabled',
    ],
    ['no Run-As user', () => sim.updateApp(id, { runAs: null }), 'invalid_grant: no client credentials user enabled'],
    [
      'a Run-As user of another org',
      () => sim.updateApp(id, { runAs: 'hank@globex.example' }),
      'invalid_grant: no client credentials user enabled',
    ],
    [
      'an inactive Run-As user',
      () => sim.updateUser('ada@acme.example', { active: false }),
      'invalid_grant: inactive user',
    ],
    [
      'a Run-As user who is not admin approved',
      () => sim.updateApp(id, { permittedUsers: 'adminApproved' }),
      'invalid_app_access: user is not admin approved to access this app',
    ],
    [
      'a disabled app',
      () => sim.updateApp(id, { enabled: false }),
      'oauth_flow_disabled: The external client app or the OAuth plugin is disabled.',
    ],
  ])('with %s are refused', async (_what, change, expected) => {
    change()
    expect(await outcome()).toBe(expected)
  })

  it('without a secret are refused even where the web server flow needs none', async () => {
    sim.updateApp(id, { secretRequired: false })
    const { client_id: clientId } = credentials(sim)
    const { body } = await postToken(sim, { grant_type: 'client_credentials', client_id: clientId })
    expect(body['error']).toBe('invalid_client')
  })

  it('die with the secret', async () => {
    const { body } = await send()
    sim.updateApp(id, { clientSecret: 'another-secret' })
    expect(sim.tokenState(body['access_token'] ?? '')).toBe('revoked')
  })
})
