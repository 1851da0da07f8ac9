import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator, startSimulator } from '../src/index.ts'
import { callApi, logIn, post, refresh } from './login-story.ts'

describe.each([
  ['with sockets', startSimulator],
  ['without sockets', async () => createSimulator()],
])('the whole story %s', (_how, start) => {
  let sim: Simulator
  beforeAll(async () => {
    sim = await start()
  })
  afterAll(async () => sim.close())

  it('logs in, calls, refreshes and revokes', async () => {
    const tokens = await logIn(sim)
    expect(tokens['access_token']).toMatch(/^00D[A-Za-z0-9]{12}![A-Za-z0-9._]{96}$/)
    expect(tokens['refresh_token']).toMatch(/^5Aep861[A-Za-z0-9._]{80}$/)
    expect((await callApi(sim, tokens['access_token'])).status).toBe(200)

    const renewed = await refresh(sim, tokens['refresh_token'])
    expect(renewed.status).toBe(200)
    expect(renewed.body).not.toHaveProperty('refresh_token')

    const revoked = await post(sim, `${sim.org().url}/services/oauth2/revoke`, { token: tokens['refresh_token'] ?? '' })
    expect([revoked.status, await revoked.text()]).toEqual([200, ''])
    const dead = await callApi(sim, renewed.body['access_token'])
    expect(dead.status).toBe(401)
    expect(await dead.json()).toEqual([{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }])
  })

  it('shows the home page at every host', async () => {
    for (const origin of [sim.loginUrl, sim.sandboxLoginUrl, sim.org().url]) {
      const page = await (await sim.fetch(new Request(`${origin}/`))).text()
      expect(page).toContain('ada@acme.example')
    }
  })
})
