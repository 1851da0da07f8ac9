import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/index.ts'
import type { SalesforceAuthOptions } from '../../src/index.ts'
import { atOnce, clock, outcome, tell } from './harness.ts'

const homes: Record<string, () => SalesforceAuthOptions> = {
  'the session in the cookie': () => ({}),
  'the session in a store': () => ({ session: { store: memoryStore() } }),
}

describe.each(Object.entries(homes))('a refresh refused for a rule of where and when, with %s', (_, home) => {
  it.each([
    ['invalid_grant', 'ip restricted'],
    ['invalid_grant', 'ip restricted or invalid login hours'],
    ['invalid_grant', 'user is temporarily locked out'],
    ['inactive_org', 'organization is locked, closed, or suspended'],
  ])('%s, %s, does not end the session', async (error, description) => {
    const { now, advance } = clock()
    await using story = await tell({ ...home(), now })
    const agent = await story.login()
    story.sim.expireAccessTokens()
    story.sim.faults.next('token:refresh_token', { error, description })
    const refused = await agent.get('/call')
    expect([refused.status, await refused.json()]).toEqual([
      502,
      expect.objectContaining({ error: `oauth/${error}`, needsLogin: false, hint: expect.any(String) as string }),
    ])
    expect((await (await agent.get('/me')).json()) as unknown).not.toBeNull()
    advance(10_000)
    expect(await outcome(await agent.get('/call'))).toBe('200')
  })

  it('names the setting, and does not ask again at every request for some seconds', async () => {
    const told: string[] = []
    const { now, advance } = clock()
    await using story = await tell({ ...home(), now, onRefreshError: ({ error }) => void told.push(error.code) })
    const agent = await story.login()
    const { sim } = story
    sim.expireAccessTokens()
    sim.updateApp(sim.app().clientId, { ipRanges: ['10.1.2.3'] })
    const refused = await agent.get('/call')
    expect(((await refused.json()) as { hint: string }).hint).toMatch(/IP Relaxation/)
    expect(new Set(await atOnce(agent, '/call', 10))).toEqual(new Set(['502 oauth/invalid_grant']))
    expect(await outcome(await agent.get('/call'))).toBe('502 oauth/invalid_grant')
    expect([story.tokenRequests(), told]).toEqual([1, ['oauth/invalid_grant']])
    advance(10_000)
    expect(await outcome(await agent.get('/call'))).toBe('502 oauth/invalid_grant')
    expect([story.tokenRequests(), told.length]).toEqual([2, 2])
    sim.updateApp(sim.app().clientId, { ipRanges: [] })
    advance(10_000)
    expect(await outcome(await agent.get('/call'))).toBe('200')
  })

  it('of one session does not stand in the way of another', async () => {
    await using story = await tell(home())
    const [first, second] = [await story.login(), await story.login('grace@acme.example')]
    story.sim.expireAccessTokens()
    story.sim.faults.next('token:refresh_token', { error: 'invalid_grant', description: 'ip restricted' })
    expect(await outcome(await first.get('/call'))).toBe('502 oauth/invalid_grant')
    expect(await outcome(await second.get('/call'))).toBe('200')
  })

  it('after a lost answer is not taken for the end of the grant', async () => {
    const { now, advance } = clock()
    await using story = await tell({ ...home(), now })
    const agent = await story.login()
    story.sim.expireAccessTokens()
    story.sim.faults.next('token:refresh_token', { drop: 'before' }, 2)
    expect(await outcome(await agent.get('/call'))).toBe('502 net/connection-lost')
    story.sim.faults.next('token:refresh_token', { error: 'invalid_grant', description: 'ip restricted' })
    expect(await outcome(await agent.get('/call'))).toBe('502 oauth/invalid_grant')
    advance(10_000)
    expect(await outcome(await agent.get('/call'))).toBe('200')
  })
})

describe('a refresh refused because the grant is dead', () => {
  it.each([
    'inactive user',
    "user hasn't approved this consumer",
    'authentication failure',
    'expired access/refresh token',
    'activation secret invalid',
    undefined,
  ])('ends the session: %s', async (description) => {
    await using story = await tell()
    const agent = await story.login()
    story.sim.expireAccessTokens()
    const fault = { error: 'invalid_grant', ...(description !== undefined && { description }) }
    story.sim.faults.next('token:refresh_token', fault)
    expect(await outcome(await agent.get('/call'))).toBe('401 token/grant-ended')
    expect(await outcome(await agent.get('/call'))).toBe('401 session/missing')
  })
})
