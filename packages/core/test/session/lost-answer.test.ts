import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/index.ts'
import { atOnce, clock, outcome, signIn, tell } from './harness.ts'

const homes = {
  'the session in the cookie': () => ({}),
  'the session in a store': () => ({ session: { store: memoryStore() } }),
}

describe.each(Object.entries(homes))('the connection breaks after the refresh left, with %s', (_, home) => {
  it('makes exactly one more attempt, which works when Salesforce had not rotated', async () => {
    await using story = await tell(home())
    const agent = await story.login()
    story.sim.expireAccessTokens()
    story.sim.faults.next('token:refresh_token', { drop: 'after' })
    expect(new Set(await atOnce(agent, '/call'))).toEqual(new Set(['200']))
    expect(story.tokenRequests()).toBe(2)
  })

  it('says to log in again when Salesforce had rotated, without a third attempt', async () => {
    await using story = await tell(home())
    const { sim } = story
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const agent = await story.login()
    sim.expireAccessTokens()
    sim.faults.next('token:refresh_token', { drop: 'after' })
    const answers = await atOnce(agent, '/call')
    expect(answers).toContain('401 token/refresh-answer-lost')
    expect(answers.filter((answer) => !answer.startsWith('401 '))).toEqual([])
    expect(story.tokenRequests()).toBe(2)
    expect(await outcome(await agent.get('/call'))).toBe('401 session/missing')
    expect(story.tokenRequests()).toBe(2)
    await signIn(sim, agent)
    expect(await outcome(await agent.get('/call'))).toBe('200')
  })

  it('logs nobody out while the connection keeps breaking, and tries once for each later caller', async () => {
    await using story = await tell(home())
    const agent = await story.login()
    story.sim.expireAccessTokens()
    story.sim.faults.next('token:refresh_token', { drop: 'before' }, 4)
    expect(await outcome(await agent.get('/call'))).toBe('502 net/connection-lost')
    expect(story.tokenRequests()).toBe(2)
    expect(await outcome(await agent.get('/call'))).toBe('502 net/connection-lost')
    expect(story.tokenRequests()).toBe(3)
    expect(await outcome(await agent.get('/call'))).toBe('502 net/connection-lost')
    expect(await outcome(await agent.get('/call'))).toBe('200')
  })

  it('waits three times as long for the answer as for others, and loses nothing to a Salesforce that is slow', async () => {
    await using story = await tell({ ...home(), timeout: 1_000 })
    const { sim } = story
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const agent = await story.login()
    for (const spent of [1, 2]) {
      sim.expireAccessTokens()
      sim.faults.next('token:refresh_token', { latency: 1_500 })
      expect(new Set(await atOnce(agent, '/call'))).toEqual(new Set(['200']))
      expect(story.tokenRequests()).toBe(spent)
    }
  })

  it('treats an answer that is no JSON like a lost one', async () => {
    await using story = await tell(home())
    const agent = await story.login()
    story.sim.expireAccessTokens()
    story.sim.faults.next('token:refresh_token', { malformed: true })
    expect(await outcome(await agent.get('/call'))).toBe('200')
    expect(story.tokenRequests()).toBe(2)
  })
})

describe.each(Object.entries(homes))('Salesforce is away for a while, with %s', (_, home) => {
  it('logs nobody out on 503 pages, and the next call works', async () => {
    await using story = await tell(home())
    const agent = await story.login()
    story.sim.expireAccessTokens()
    story.sim.faults.next('token:refresh_token', { status: 503, body: 'html' }, 3)
    for (let i = 0; i < 3; i++) expect(await outcome(await agent.get('/call'))).toBe('502 net/server-error')
    expect(await outcome(await agent.get('/call'))).toBe('200')
  })

  it.each(['server_error', 'unknown_error', 'service_unavailable'])('logs nobody out on %s', async (error) => {
    await using story = await tell(home())
    const agent = await story.login()
    story.sim.expireAccessTokens()
    story.sim.faults.next('token:refresh_token', { error, description: 'retry your request' })
    expect(await outcome(await agent.get('/call'))).toBe(`503 oauth/${error}`)
    expect(await outcome(await agent.get('/call'))).toBe('200')
  })

  it('logs nobody out while the client secret is wrong', async () => {
    const { now, advance } = clock()
    await using story = await tell({ ...home(), now })
    const agent = await story.login()
    story.sim.expireAccessTokens()
    story.sim.faults.next('token:refresh_token', { error: 'invalid_client', description: 'invalid client credentials' })
    expect(await outcome(await agent.get('/call'))).toBe('502 oauth/invalid_client')
    advance(10_000)
    expect(await outcome(await agent.get('/call'))).toBe('200')
  })

  it('ends the session when the grant is dead', async () => {
    await using story = await tell(home())
    const agent = await story.login()
    story.sim.updateUser('ada@acme.example', { active: false })
    story.sim.expireAccessTokens()
    expect(await outcome(await agent.get('/call'))).toBe('401 token/grant-ended')
    expect(await outcome(await agent.get('/call'))).toBe('401 session/missing')
    expect(story.tokenRequests()).toBe(1)
  })

  it('follows an instance that moved during the session', async () => {
    await using story = await tell(home())
    const agent = await story.login()
    expect(await outcome(await agent.get('/call'))).toBe('200')
    const moved = await story.sim.moveInstance()
    expect(await outcome(await agent.get('/call'))).toBe('200')
    const session = (await (await agent.get('/me')).json()) as { instanceUrl: string }
    expect(session.instanceUrl).toBe(moved)
    expect(story.tokenRequests()).toBe(1)
  })
})

it('reports what the five-approval rule ends', async () => {
  await using story = await tell()
  const first = await story.login()
  for (let i = 0; i < 5; i++) await story.login()
  story.sim.expireAccessTokens()
  const response = await first.get('/call')
  expect(response.status).toBe(401)
  expect(await response.json()).toMatchObject({
    error: 'token/grant-ended',
    message: expect.stringContaining('only five approvals per user and app') as string,
  })
})
