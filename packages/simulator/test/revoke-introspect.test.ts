import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { callApi, callback, credentials, logIn, post, refresh } from './login-story.ts'

const at = 1_800_000_000_000
let sim: Simulator
beforeEach(() => {
  sim = createSimulator({ now: () => at, seed: { apps: [{ label: 'Other', callbackUrls: [callback] }] } })
})

const answerOf = async (response: Response): Promise<[number, string | null, string]> => [
  response.status,
  response.headers.get('content-type'),
  await response.text(),
]

describe('revoke', () => {
  const revoke = async (token: string | undefined, base = sim.org().url): Promise<Response> =>
    post(sim, `${base}/services/oauth2/revoke`, { token: token ?? '', revoke_reason: 'user_logout' })

  it('of a refresh token ends its access tokens, too', async () => {
    const tokens = await logIn(sim)
    const { body } = await refresh(sim, tokens['refresh_token'])
    expect(await answerOf(await revoke(tokens['refresh_token']))).toEqual([200, null, ''])
    for (const token of [tokens['access_token'], body['access_token']]) {
      expect((await callApi(sim, token)).status).toBe(401)
    }
    expect(sim.tokenState(tokens['refresh_token'] ?? '')).toBe('revoked')
  })

  it('of an access token leaves the refresh token usable', async () => {
    const tokens = await logIn(sim)
    expect((await revoke(tokens['access_token'], sim.loginUrl)).status).toBe(200)
    expect((await callApi(sim, tokens['access_token'])).status).toBe(401)
    expect((await refresh(sim, tokens['refresh_token'])).status).toBe(200)
  })

  it('takes GET and JSONP', async () => {
    const tokens = await logIn(sim)
    const get = async (query: string): Promise<[number, string | null, string]> =>
      answerOf(await sim.fetch(new Request(`${sim.org().url}/services/oauth2/revoke?${query}`)))
    const token = `token=${encodeURIComponent(tokens['refresh_token'] ?? '')}`
    expect(await get(`${token}&callback=done`)).toEqual([200, 'text/javascript;charset=UTF-8', 'done({})'])
    expect((await get(`${token}&callback=done`))[2]).toBe('done({"error":"invalid_token"})')
    expect((await get('token=x&callback=alert(1)'))[0]).toBe(400)
    const access = (await logIn(sim))['access_token'] ?? ''
    expect(await get(`token=${encodeURIComponent(access)}`)).toEqual([200, null, ''])
  })

  it('answers faults form-encoded, also for a token revoked before', async () => {
    const form = 'application/x-www-form-urlencoded;charset=UTF-8'
    expect(await answerOf(await revoke('nothing'))).toEqual([
      400,
      form,
      'error=unsupported_token_type&error_description=invalid+token%3A+nothing',
    ])
    const tokens = await logIn(sim)
    await revoke(tokens['refresh_token'])
    expect(await answerOf(await revoke(tokens['refresh_token']))).toEqual([
      400,
      form,
      'error=invalid_token&error_description=invalid+token',
    ])
  })

  it('takes no token of another kind of org', async () => {
    const tokens = await logIn(sim)
    expect((await revoke(tokens['refresh_token'], sim.sandboxLoginUrl)).status).toBe(400)
    expect(sim.tokenState(tokens['refresh_token'] ?? '')).toBe('active')
  })
})

describe('introspect', () => {
  const introspect = async (token: string | undefined, by = credentials(sim)): Promise<[number, unknown]> => {
    const response = await post(sim, `${sim.org().url}/services/oauth2/introspect`, { token: token ?? '', ...by })
    return [response.status, await response.json()]
  }

  it('describes an access token, times in seconds', async () => {
    const tokens = await logIn(sim)
    const seconds = at / 1000
    expect(await introspect(tokens['access_token'])).toEqual([
      200,
      {
        active: true,
        scope: 'refresh_token id api',
        client_id: sim.app().clientId,
        username: 'ada@acme.example',
        sub: tokens['id'],
        token_type: 'access_token',
        exp: seconds + 7200,
        iat: seconds,
        nbf: seconds,
      },
    ])
  })

  it('describes a refresh token, with an end only where a policy sets one', async () => {
    const tokens = await logIn(sim)
    const [, first] = await introspect(tokens['refresh_token'])
    expect(first).toMatchObject({ active: true, token_type: 'refresh_token' })
    expect(first).not.toHaveProperty('exp')
    sim.updateApp(sim.app().clientId, { refreshTokenPolicy: { kind: 'idle', afterMs: 60_000 } })
    expect((await introspect(tokens['refresh_token']))[1]).toMatchObject({ exp: at / 1000 + 60 })
  })

  it('calls everything else inactive', async () => {
    const tokens = await logIn(sim)
    expect(await introspect('nothing')).toEqual([200, { active: false }])
    expect(await introspect(tokens['access_token'], credentials(sim, 'Other'))).toEqual([200, { active: false }])
    sim.expireAccessTokens()
    expect(await introspect(tokens['access_token'])).toEqual([200, { active: false }])
  })

  it('shows foreign tokens to an app that may see all', async () => {
    const tokens = await logIn(sim)
    sim.updateApp(sim.app('Other').clientId, { introspectAllTokens: true })
    const [, seen] = await introspect(tokens['access_token'], credentials(sim, 'Other'))
    expect(seen).toMatchObject({ active: true, client_id: sim.app().clientId })
  })

  it('shows them of its own org only', async () => {
    const users = [{ username: 'hank@globex.example' }]
    const auditor = { label: 'Auditor', org: 'Globex', callbackUrls: [callback], introspectAllTokens: true }
    sim = createSimulator({ seed: { orgs: [{ name: 'Globex', users }], apps: [auditor] } })
    const tokens = await logIn(sim)
    const body = { token: tokens['access_token'] ?? '', ...credentials(sim, 'Auditor') }
    const response = await post(sim, `${sim.loginUrl}/services/oauth2/introspect`, body)
    expect(await response.json()).toEqual({ active: false })
  })

  it('tells a resource server about a JWT access token, and that it was revoked', async () => {
    sim.updateApp(sim.app().clientId, { jwtAccessTokens: true, jwtAccessTokenLifetime: 60_000 })
    sim.updateApp(sim.app('Other').clientId, { introspectAllTokens: true })
    const { access_token: token } = await logIn(sim)
    const [, seen] = await introspect(token, credentials(sim, 'Other'))
    const named = { client_id: sim.app().clientId, username: 'ada@acme.example', exp: at / 1000 + 60 }
    expect(seen).toMatchObject({ active: true, token_type: 'access_token', ...named })
    await post(sim, `${sim.org().url}/services/oauth2/revoke`, { token: token ?? '' })
    expect(await introspect(token, credentials(sim, 'Other'))).toEqual([200, { active: false }])
  })

  it('does not prolong the session', async () => {
    const tokens = await logIn(sim)
    sim.clock.advance(90 * 60_000)
    await introspect(tokens['access_token'])
    sim.clock.advance(30 * 60_000)
    expect((await callApi(sim, tokens['access_token'])).status).toBe(401)
  })

  it('answers 400 for wrong credentials or no token', async () => {
    const wrong = { ...credentials(sim), client_secret: 'wrong' }
    expect(await introspect('x', wrong)).toEqual([
      400,
      { error: 'invalid_client', error_description: 'invalid client credentials' },
    ])
    expect((await introspect(''))[0]).toBe(400)
  })
})
