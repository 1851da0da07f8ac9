import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { type Answer, callApi, callback, credentials, logIn, postToken, refresh } from './login-story.ts'

let sim: Simulator
beforeEach(() => {
  sim = createSimulator({ seed: { apps: [{ label: 'Other', callbackUrls: [callback] }] } })
})

async function logInTimes(times: number, options = {}): Promise<Answer[]> {
  const all: Answer[] = []
  while (all.length < times) all.push(await logIn(sim, options))
  return all
}

describe('five approvals live per user and app', () => {
  it('the sixth ends the oldest, refresh and access token alike', async () => {
    const [first, second, ...rest] = await logInTimes(6)
    expect((await refresh(sim, first?.['refresh_token'])).body['error_description']).toBe(
      'expired access/refresh token',
    )
    expect((await callApi(sim, first?.['access_token'])).status).toBe(401)
    for (const answer of [second, ...rest]) expect((await refresh(sim, answer?.['refresh_token'])).status).toBe(200)
    expect(sim.approvals('ada@acme.example')).toHaveLength(5)
    expect(sim.tokenState(first?.['refresh_token'] ?? '')).toBe('revoked')
  })

  it('other users and other apps count for themselves', async () => {
    const [first] = await logInTimes(5)
    await logInTimes(1, { username: 'grace@acme.example' })
    await logInTimes(1, { clientId: sim.app('Other').clientId })
    expect((await refresh(sim, first?.['refresh_token'])).status).toBe(200)
    expect(sim.approvals('ada@acme.example')).toHaveLength(6)
    expect(sim.approvals('ada@acme.example', sim.app('Other').clientId)).toHaveLength(1)
  })

  it('refreshes do not use them up', async () => {
    const [first] = await logInTimes(1)
    for (let use = 0; use < 7; use += 1) await refresh(sim, first?.['refresh_token'])
    expect(sim.approvals('ada@acme.example')).toMatchObject([
      { username: 'ada@acme.example', clientId: sim.app().clientId, useCount: 8 },
    ])
  })

  it('a revoked one makes room', async () => {
    const all = await logInTimes(5)
    const body = new URLSearchParams({ token: all[4]?.['refresh_token'] ?? '' })
    await sim.fetch(new Request(`${sim.org().url}/services/oauth2/revoke`, { method: 'POST', body }))
    await logInTimes(1)
    expect((await refresh(sim, all[0]?.['refresh_token'])).status).toBe(200)
  })
})

describe('tokenState', () => {
  it('forgets dead tokens when thousands have died since, and no live one', { timeout: 60_000 }, async () => {
    const live = await logIn(sim)
    sim.updateOrg('Acme', { sessionTimeout: 15 * 60_000, loginsPerHour: 10_000 })
    const form = { grant_type: 'client_credentials', ...credentials(sim) }
    const issue = async (): Promise<string> => (await postToken(sim, form)).body['access_token'] ?? ''
    const oldest = await issue()
    let newest = ''
    for (let count = 0; count < 2000; count += 1) newest = await issue()
    sim.clock.advance(20 * 60_000)
    expect(sim.tokenState(oldest)).toBe('expired')
    for (let count = 0; count < 1000; count += 1) await issue()
    expect([sim.tokenState(oldest), sim.tokenState(newest)]).toEqual(['unknown', 'expired'])
    expect((await refresh(sim, live['refresh_token'])).status).toBe(200)
  })

  it('does not know what was never issued', () => {
    expect(sim.tokenState('nothing')).toBe('unknown')
  })
})

describe('an unknown user, app or org', () => {
  it('is named together with those that exist', () => {
    expect(() => sim.approvals('x@y.example')).toThrow(
      'There is no user "x@y.example". Seeded: ada@acme.example, grace',
    )
    expect(() => sim.expireAccessTokens('x@y.example')).toThrow('There is no user')
    expect(() => sim.app('Nope')).toThrow('There is no app "Nope". Seeded: Orgpass sample, Other.')
    expect(() => sim.org('Nope')).toThrow('There is no org "Nope". Seeded: Acme.')
  })
})
