import { memoryStore } from '../../src/index.ts'
import { describe, expect, it } from 'vitest'
import { closedPort } from './closed-port.ts'
import { atOnce, outcome, tell } from './harness.ts'

const homes = {
  'the session in the cookie': () => ({}),
  'the session in a store': () => ({ session: { store: memoryStore() } }),
}
const all = (answer: string): string[] => Array.from({ length: 50 }, () => answer)

describe.each(Object.entries(homes))('50 requests meet a dead token, rotation on, with %s', (_, home) => {
  it('costs one refresh and answers every request', async () => {
    await using story = await tell(home())
    const { sim } = story
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const agent = await story.login()
    sim.expireAccessTokens()
    expect(await atOnce(agent, '/call')).toEqual(all('200'))
    expect(story.tokenRequests()).toBe(1)
    sim.expireAccessTokens()
    expect(await outcome(await agent.get('/call'))).toBe('200')
    expect(story.tokenRequests()).toBe(2)
  })

  it('costs one refresh when the answer is slow', async () => {
    await using story = await tell(home())
    const { sim } = story
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const agent = await story.login()
    sim.expireAccessTokens()
    sim.faults.next('token:refresh_token', { latency: 700 })
    expect(await atOnce(agent, '/call')).toEqual(all('200'))
    expect(story.tokenRequests()).toBe(1)
  })

  it('costs one refresh when the connection is refused at first', async () => {
    const nobody = await closedPort()
    let refuse = 0
    const fetch: typeof globalThis.fetch = (input, init) => {
      const isRefresh = init?.body instanceof URLSearchParams && init.body.get('grant_type') === 'refresh_token'
      return globalThis.fetch(isRefresh && refuse-- > 0 ? nobody : input, init)
    }
    await using story = await tell({ ...home(), fetch })
    const { sim } = story
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const agent = await story.login()
    sim.expireAccessTokens()
    refuse = 2
    expect(await atOnce(agent, '/call')).toEqual(all('200'))
    expect(story.tokenRequests()).toBe(1)
  })

  it('waits when Salesforce is already processing the token', async () => {
    await using story = await tell(home())
    const { sim } = story
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const agent = await story.login()
    sim.expireAccessTokens()
    sim.faults.next('token:refresh_token', { alreadyProcessing: true }, 2)
    expect(await atOnce(agent, '/call')).toEqual(all('200'))
    expect(story.tokenRequests()).toBe(3)
    expect(sim.approvals('ada@acme.example')).toHaveLength(1)
  })

  it('keeps every session alive when the renewed cookie reaches only some of the responses', async () => {
    await using story = await tell(home())
    const { sim } = story
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const agent = await story.login()
    const stale = agent.cookies.all().map(({ name, value }) => `${name}=${value}`)
    sim.expireAccessTokens()
    await fetch(`${story.url}/call`, { headers: { cookie: stale.join('; ') } })
    // The browser never saw that response; it still has the old cookie.
    expect(await outcome(await agent.get('/call'))).toBe('200')
    expect(story.tokenRequests()).toBe(1)
  })
})

it('logs one warning when tokens rotate and sessions live in cookies', async () => {
  await using story = await tell()
  const { sim } = story
  sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
  const agent = await story.login()
  for (let i = 0; i < 3; i++) {
    sim.expireAccessTokens()
    await agent.get('/call')
  }
  expect(story.log.filter(({ event }) => event === 'refresh/rotation-without-store')).toHaveLength(1)
})
