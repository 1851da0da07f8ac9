import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator, startSimulator } from '../src/index.ts'
import { callApi, logIn, refresh } from './login-story.ts'

const hour = 3_600_000
let sim: Simulator
let id: string
beforeEach(() => {
  sim = createSimulator()
  id = sim.app().clientId
})

const dead = { status: 400, body: { error: 'invalid_grant', error_description: 'expired access/refresh token' } }
const busy = { error: 'invalid_grant', error_description: 'token request is already being processed' }

describe('without rotation', () => {
  it('the token is used again and again, and older access tokens live on', async () => {
    const { access_token: first, refresh_token: token } = await logIn(sim)
    const { body } = await refresh(sim, token)
    expect(body).not.toHaveProperty('refresh_token')
    expect((await refresh(sim, token)).status).toBe(200)
    expect((await callApi(sim, first)).status).toBe(200)
    expect(sim.tokenState(token ?? '')).toBe('active')
  })

  it('every host of the org takes it, and no other org', async () => {
    const { refresh_token: token = '' } = await logIn(sim)
    const moved = await sim.moveInstance()
    const status = async (base: string): Promise<number> => {
      const { clientId, clientSecret } = sim.app()
      const body = {
        grant_type: 'refresh_token',
        refresh_token: token,
        client_id: clientId,
        client_secret: clientSecret,
      }
      const url = `${base}/services/oauth2/token`
      return (await sim.fetch(new Request(url, { method: 'POST', body: new URLSearchParams(body) }))).status
    }
    expect(await status(sim.org().url)).toBe(200)
    expect(await status(sim.loginUrl)).toBe(200)
    expect(await status(moved)).toBe(200)
    expect(await status(sim.sandboxLoginUrl)).toBe(400)
  })

  it('an unknown token, an access token and a foreign one are dead', async () => {
    const { access_token: access, refresh_token: token } = await logIn(sim)
    expect(await refresh(sim, 'nothing')).toEqual(dead)
    expect(await refresh(sim, access)).toEqual(dead)
    const other = createSimulator({ seed: { apps: [{ label: 'Other', callbackUrls: ['https://a.example/cb'] }] } })
    const { refresh_token: foreign } = await logIn(other)
    expect(await refresh(other, foreign, 'Other')).toEqual(dead)
    expect((await refresh(sim, token)).status).toBe(200)
  })
})

describe('with rotation', () => {
  beforeEach(() => sim.updateApp(id, { refreshTokenRotation: true }))

  it('every refresh brings a successor and ends its predecessor', async () => {
    const { refresh_token: first } = await logIn(sim)
    const { body } = await refresh(sim, first)
    expect(body['refresh_token']).toMatch(/^5Aep861/)
    expect(sim.tokenState(first ?? '')).toBe('rotated')
    expect(sim.tokenState(body['refresh_token'] ?? '')).toBe('active')
    expect((await refresh(sim, body['refresh_token'])).status).toBe(200)
  })

  it('replaying a spent token revokes the whole family', async () => {
    const { access_token: access, refresh_token: first } = await logIn(sim)
    const { body: second } = await refresh(sim, first)
    expect(await refresh(sim, first)).toEqual(dead)
    expect(await refresh(sim, second['refresh_token'])).toEqual(dead)
    expect([access, second['access_token'], second['refresh_token']].map((one) => sim.tokenState(one ?? ''))).toEqual([
      'revoked',
      'revoked',
      'revoked',
    ])
    expect(sim.approvals('ada@acme.example')).toEqual([])
  })

  it('leaves other logins of the same user alone', async () => {
    const [one, two] = [await logIn(sim), await logIn(sim)]
    await refresh(sim, one['refresh_token'])
    await refresh(sim, one['refresh_token'])
    expect((await refresh(sim, two['refresh_token'])).status).toBe(200)
  })
})

describe('two refreshes of one token at the same time', () => {
  it.each([
    ['with rotation', true],
    ['without', false],
  ])('%s: the second is already being processed, and the first succeeds', async (_what, refreshTokenRotation) => {
    sim.updateApp(id, { refreshTokenRotation })
    const { refresh_token: token } = await logIn(sim)
    const answers = await Promise.all([refresh(sim, token), refresh(sim, token)])
    expect(answers[0]?.status).toBe(200)
    expect(answers[1]).toEqual({ status: 400, body: busy })
  })

  it('through sockets, while the first answer is delayed', async () => {
    const real = await startSimulator()
    try {
      const { refresh_token: token = '' } = await logIn(real)
      real.faults.next('token:refresh_token', { latency: 200 })
      const { clientId, clientSecret } = real.app()
      const body = {
        grant_type: 'refresh_token',
        refresh_token: token,
        client_id: clientId,
        client_secret: clientSecret,
      }
      const send = async (): Promise<Response> =>
        fetch(`${real.org().url}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(body) })
      const responses = await Promise.all([send(), send(), send()])
      expect(responses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400, 400])
      expect((await send()).status).toBe(200)
    } finally {
      await real.close()
    }
  })
})

describe('refresh token policies', () => {
  it('immediately: the token is issued but cannot be used', async () => {
    sim.updateApp(id, { refreshTokenPolicy: { kind: 'immediately' } })
    const { refresh_token: token } = await logIn(sim)
    expect(await refresh(sim, token)).toEqual(dead)
  })

  it('idle: every use starts the time again', async () => {
    sim.updateApp(id, { refreshTokenPolicy: { kind: 'idle', afterMs: 10 * hour } })
    const { refresh_token: token } = await logIn(sim)
    for (let use = 0; use < 3; use += 1) {
      sim.clock.advance(9 * hour)
      expect((await refresh(sim, token)).status).toBe(200)
    }
    sim.clock.advance(10 * hour)
    expect(await refresh(sim, token)).toEqual(dead)
    expect(sim.tokenState(token ?? '')).toBe('expired')
  })

  it('lifetime: counts from the login, through rotations', async () => {
    sim.updateApp(id, { refreshTokenPolicy: { kind: 'lifetime', afterMs: 10 * hour }, refreshTokenRotation: true })
    const { refresh_token: first } = await logIn(sim)
    sim.clock.advance(6 * hour)
    const { body } = await refresh(sim, first)
    sim.clock.advance(6 * hour)
    expect(await refresh(sim, body['refresh_token'])).toEqual(dead)
  })
})

describe('a refresh is refused', () => {
  it.each([
    ['for an inactive user', () => sim.updateUser('ada@acme.example', { active: false }), 'inactive user'],
    ['for a blocked app', () => sim.updateApp(id, { blocked: true }), 'expired access/refresh token'],
    ['outside the IP ranges', () => sim.updateApp(id, { ipRanges: ['192.168.0.0/16'] }), 'ip restricted'],
    [
      'after the secret changed',
      () => sim.updateApp(id, { clientSecret: 'a-new-secret' }),
      'expired access/refresh token',
    ],
    [
      'when the flow is off',
      () => sim.updateApp(id, { flows: { refreshToken: false } }),
      'The external client app or the OAuth plugin is disabled.',
    ],
  ])('%s', async (_what, change, description) => {
    const { refresh_token: token } = await logIn(sim)
    change()
    expect((await refresh(sim, token)).body['error_description']).toBe(description)
  })
})

describe('sessions', () => {
  it('slide when used in their second half', async () => {
    const { access_token: token } = await logIn(sim)
    for (let use = 0; use < 3; use += 1) {
      sim.clock.advance(1.5 * hour)
      expect((await callApi(sim, token)).status).toBe(200)
    }
    sim.clock.advance(2 * hour)
    expect((await callApi(sim, token)).status).toBe(401)
    expect(sim.tokenState(token ?? '')).toBe('expired')
  })

  it("last as long as the app says, else the org's two hours", async () => {
    sim.updateApp(id, { sessionTimeout: 15 * 60_000 })
    const { access_token: token } = await logIn(sim)
    sim.clock.advance(15 * 60_000)
    expect((await callApi(sim, token)).status).toBe(401)
  })

  it('can be ended for one user, refresh tokens untouched', async () => {
    const [ada, grace] = [await logIn(sim), await logIn(sim, { username: 'grace@acme.example' })]
    sim.expireAccessTokens('ada@acme.example')
    expect((await callApi(sim, ada['access_token'])).status).toBe(401)
    expect((await callApi(sim, grace['access_token'])).status).toBe(200)
    expect((await refresh(sim, ada['refresh_token'])).status).toBe(200)
  })
})
