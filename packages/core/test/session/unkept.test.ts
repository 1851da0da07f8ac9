import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/index.ts'
import type { KeyValueStore, SetOptions } from '../../src/index.ts'
import { atOnce, outcome, tell } from './harness.ts'

type Fault = (write: number, options: SetOptions) => 'lost' | 'away' | undefined

/** A store whose writes fail at a moment that no real one can be made to meet. */
function faulty(fault: Fault): { store: KeyValueStore; begin: () => void } {
  const store = memoryStore()
  let writes = -1
  return {
    begin: () => void (writes = 0),
    store: {
      ...store,
      async set(key, value, options) {
        const what = writes < 0 ? undefined : fault(++writes, options)
        if (what === 'away') throw new Error('The store is away')
        return what === 'lost' ? false : store.set(key, value, options)
      },
    },
  }
}

// The first write is the mark; the second keeps what the spend brought.
describe('what a spend brought, rotation on', () => {
  it.each([
    ['the store goes away for several writes', (write) => (write > 1 && write < 6 ? 'away' : undefined)],
    ['the lock goes to somebody else', (write) => (write === 2 ? 'lost' : undefined)],
    ['both happen in turn', (write) => (write === 2 ? 'away' : write === 3 ? 'lost' : undefined)],
  ] as [string, Fault][])('is kept though %s', async (_, fault) => {
    const { store, begin } = faulty(fault)
    await using story = await tell({ session: { store } })
    const { sim } = story
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const agent = await story.login()
    sim.expireAccessTokens()
    begin()
    expect(new Set(await atOnce(agent, '/call', 10))).toEqual(new Set(['200']))
    expect(story.tokenRequests()).toBe(1)
    sim.expireAccessTokens()
    expect(await outcome(await agent.get('/call'))).toBe('200')
    expect(story.tokenRequests()).toBe(2)
  })

  it('is revoked when the session ended meanwhile', async () => {
    const { store, begin } = faulty((write) => (write === 2 ? 'away' : undefined))
    await using story = await tell({ session: { store } })
    const { sim } = story
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const agent = await story.login()
    sim.expireAccessTokens()
    sim.faults.next('token:refresh_token', { latency: 300 })
    begin()
    const call = agent.get('/call')
    await expect.poll(() => story.tokenRequests()).toBe(1)
    await agent.post('/auth/logout')
    expect((await call).status).toBe(401)
    await expect.poll(() => sim.approvals('ada@acme.example')).toEqual([])
  })
})

it('spends nothing while the spend cannot be marked, and takes the lock again a few times', async () => {
  const { store, begin } = faulty((write) => (write < 7 ? 'lost' : undefined))
  await using story = await tell({ session: { store } })
  const agent = await story.login()
  story.sim.expireAccessTokens()
  begin()
  expect(await outcome(await agent.get('/call'))).toBe('503 token/lease-lost')
  expect(story.tokenRequests()).toBe(0)
  expect(await outcome(await agent.get('/call'))).toBe('200')
  expect(story.tokenRequests()).toBe(1)
})
