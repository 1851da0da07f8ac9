import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { authorizeUrl, credentials, logIn, postToken, refresh } from './login-story.ts'

const hour = 3_600_000
let sim: Simulator
beforeEach(() => {
  sim = createSimulator({ now: () => 1_800_000_000_000 })
})

async function runAs(): Promise<string> {
  const { status, body } = await postToken(sim, { grant_type: 'client_credentials', ...credentials(sim) })
  return status === 200 ? 'ok' : `${status} ${body['error']}: ${body['error_description']}`
}

describe('logins of one user within an hour', () => {
  it('are 3,600 at most', async () => {
    for (let n = 0; n < 3600; n += 1) if ((await runAs()) !== 'ok') throw new Error(`The login ${n} was refused.`)
    expect(await runAs()).toBe('400 rate_limit_exceeded: login rate exceeded')
  }, 60_000)

  it('are as many as the seed says, and refused until an hour is over', async () => {
    sim.updateOrg('Acme', { loginsPerHour: 2 })
    expect([await runAs(), await runAs()]).toEqual(['ok', 'ok'])
    expect(await runAs()).toMatch(/^400 rate_limit_exceeded/)
    sim.clock.advance(hour - 1)
    expect(await runAs()).toMatch(/^400 rate_limit_exceeded/)
    sim.clock.advance(1)
    expect(await runAs()).toBe('ok')
  })

  it('count the login form, whose refusal goes back to the app', async () => {
    sim.updateOrg('Acme', { loginsPerHour: 1 })
    await logIn(sim)
    const back = await sim.signIn(authorizeUrl(sim))
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error: 'rate_limit_exceeded',
      error_description: 'number of logins exceeded',
      state: 's1',
    })
    expect(await runAs()).toMatch(/^400 rate_limit_exceeded/)
  })

  it('do not count other users, refused logins and refreshes', async () => {
    sim.updateOrg('Acme', { loginsPerHour: 2 })
    const { refresh_token: token } = await logIn(sim, { username: 'grace@acme.example' })
    await refresh(sim, token)
    sim.updateApp(sim.app().clientId, { ipRanges: ['10.0.0.1'] })
    expect(await runAs()).toMatch(/ip restricted/)
    sim.updateApp(sim.app().clientId, { ipRanges: [] })
    expect([await runAs(), await runAs()]).toEqual(['ok', 'ok'])
  })

  it('start anew with a reset', async () => {
    sim = createSimulator({ seed: { orgs: [{ name: 'G', loginsPerHour: 1, users: [{ username: 'u@g.example' }] }] } })
    const base = sim.org('G').url
    const user = { base, username: 'u@g.example' }
    await logIn(sim, user)
    await expect(logIn(sim, user)).rejects.toThrow(/rate_limit_exceeded/)
    sim.reset()
    expect(await logIn(sim, user)).toHaveProperty('access_token')
  })
})
