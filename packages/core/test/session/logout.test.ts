import { eventually } from '@orgpass/testing'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/index.ts'
import { outcome, signIn, tell } from './harness.ts'

const homes = {
  'the session in the cookie': () => ({}),
  'the session in a store': () => ({ session: { store: memoryStore() } }),
}
const USER = 'ada@acme.example'

describe.each(Object.entries(homes))('logout, with %s', (_, home) => {
  it('ends the session at once and the grant at Salesforce soon after', async () => {
    await using story = await tell(home())
    const agent = await story.login()
    const token = await (await agent.get('/token')).text()
    const response = await agent.post('/auth/logout', { form: { returnTo: '/bye' } })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/bye')
    expect(agent.cookies.all()).toEqual([])
    expect(await outcome(await agent.get('/call'))).toBe('401 session/missing')
    await eventually(() => story.sim.approvals(USER).length === 0)
    expect(story.sim.tokenState(token)).toBe('revoked')
  })

  it('ends a copy of the cookie as well', async () => {
    await using story = await tell(home())
    const agent = await story.login()
    const cookie = agent.cookies.all().map(({ name, value }) => `${name}=${value}`)
    await agent.post('/auth/logout')
    const copied = await fetch(`${story.url}/me`, { headers: { cookie: cookie.join('; ') } })
    expect(await copied.json()).toBeNull()
  })

  it('stays logged out when it happens during a refresh, whose tokens are revoked', async () => {
    await using story = await tell(home())
    const { sim } = story
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const agent = await story.login()
    sim.expireAccessTokens()
    sim.faults.next('token:refresh_token', { latency: 500 })
    const cookie = agent.cookies
      .all()
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
    const late = Array.from({ length: 10 }, () => fetch(`${story.url}/call`, { headers: { cookie } }))
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect((await agent.post('/auth/logout')).status).toBe(303)
    for (const response of await Promise.all(late)) {
      expect(response.headers.getSetCookie().filter((line) => !line.includes('Max-Age=0'))).toEqual([])
      expect(await outcome(response)).toBe('401 session/ended')
    }
    expect(await outcome(await fetch(`${story.url}/call`, { headers: { cookie } }))).toBe('401 session/missing')
    await eventually(() => sim.approvals(USER).length === 0)
    expect(story.tokenRequests()).toBe(1)
  })

  it('does not wait for a revocation that is slow or fails', async () => {
    await using story = await tell(home())
    const agent = await story.login()
    story.sim.faults.next('revoke', { latency: 3_000 })
    const before = performance.now()
    expect((await agent.post('/auth/logout')).status).toBe(303)
    expect(performance.now() - before).toBeLessThan(2_000)
  })

  it('revokes in the end although Salesforce is away at first', async () => {
    await using story = await tell(home())
    const agent = await story.login()
    story.sim.faults.next('revoke', { status: 503, body: 'html' }, 2)
    await agent.post('/auth/logout')
    await eventually(() => expect(story.sim.approvals(USER)).toEqual([]), { timeout: 5_000 })
  })

  it('refuses a logout that another site posts', async () => {
    await using story = await tell(home())
    const agent = await story.login()
    const forged = await agent.post('/auth/logout', { from: 'https://evil.example/' })
    expect(await outcome(forged)).toBe('403 request/cross-origin')
    expect(await outcome(await agent.get('/call'))).toBe('200')
  })

  it('revokes the grant that a new login in the same browser replaces', async () => {
    await using story = await tell(home())
    const agent = await story.login()
    const token = await (await agent.get('/token')).text()
    await signIn(story.sim, agent, 'grace@acme.example')
    await eventually(() => story.sim.tokenState(token) === 'revoked')
    expect(story.sim.approvals('grace@acme.example')).toHaveLength(1)
    expect(await outcome(await agent.get('/call'))).toBe('200')
  })

  it('tells the app, with ids only', async () => {
    const events: unknown[] = []
    await using story = await tell({ ...home(), onLogout: (event) => void events.push(event) })
    const agent = await story.login()
    const { id, orgId, userId } = (await (await agent.get('/me')).json()) as Record<string, string>
    await agent.post('/auth/logout')
    expect(events).toEqual([{ sessionId: id, orgId, userId }])
  })
})
