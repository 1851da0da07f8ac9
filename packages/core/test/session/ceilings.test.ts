import { createClock } from '@orgpass/testing'
import type { Clock } from '@orgpass/testing'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/index.ts'
import type { SalesforceAuthOptions } from '../../src/index.ts'
import { outcome, signIn, tell } from './harness.ts'

const HOUR = 3_600_000
const homes: Record<string, (clock: Clock) => SalesforceAuthOptions> = {
  'the session in the cookie': () => ({}),
  'the session in a store': ({ now }) => ({ session: { store: memoryStore({ now }) } }),
}

describe.each(Object.entries(homes))('limits, with %s', (_, home) => {
  const limited = (clock: Clock, session: SalesforceAuthOptions['session'] = {}): SalesforceAuthOptions => {
    const options = home(clock)
    return {
      ...options,
      now: clock.now,
      session: { idleTimeout: HOUR, absoluteTimeout: 5 * HOUR, ...options.session, ...session },
    }
  }

  it('ends a session that nobody uses', async () => {
    const clock = createClock()
    await using story = await tell(limited(clock))
    const agent = await story.login()
    clock.advance(HOUR - 1_000)
    expect(await outcome(await agent.get('/guarded'))).toBe('200')
    clock.advance(HOUR + 1_000)
    expect(await (await agent.get('/me')).json()).toBeNull()
  })

  it('prolongs a session that is used, up to the absolute limit', async () => {
    const clock = createClock()
    await using story = await tell(limited(clock))
    const agent = await story.login()
    const { id } = (await (await agent.get('/me')).json()) as { id: string }
    for (let minutes = 0; minutes < 280; minutes += 40) {
      clock.advance(40 * 60_000)
      const session = (await (await agent.get('/me')).json()) as { id: string }
      expect(session.id).toBe(id)
    }
    clock.advance(21 * 60_000)
    expect(await (await agent.get('/me')).json()).toBeNull()
  })

  it('leaves the end of a session alone when it does not roll', async () => {
    const clock = createClock()
    await using story = await tell(limited(clock, { rolling: false }))
    const agent = await story.login()
    clock.advance(HOUR / 2)
    expect(await outcome(await agent.get('/guarded'))).toBe('200')
    clock.advance(HOUR / 2)
    expect(await (await agent.get('/me')).json()).toBeNull()
  })

  it('writes no cookie while nothing is due', async () => {
    const clock = createClock()
    await using story = await tell(limited(clock))
    const agent = await story.login()
    clock.advance(HOUR / 10 - 1_000)
    expect((await agent.get('/me')).headers.getSetCookie()).toEqual([])
    clock.advance(2_000)
    const rolled = await agent.get('/me')
    expect(rolled.headers.getSetCookie()).toHaveLength(1)
    expect(rolled.headers.get('cache-control')).toBe('no-store')
  })

  it('has a new session id after every login', async () => {
    await using story = await tell(home(createClock()))
    const agent = await story.login()
    const first = (await (await agent.get('/me')).json()) as { id: string }
    const cookie = agent.cookies.get('salesforce.sid')
    await signIn(story.sim, agent)
    const second = (await (await agent.get('/me')).json()) as { id: string }
    expect(second.id).not.toBe(first.id)
    expect(agent.cookies.get('salesforce.sid')).not.toBe(cookie)
  })

  it('keeps data across refreshes and refreshes across data', async () => {
    await using story = await tell(home(createClock()))
    const { sim } = story
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const agent = await story.login()
    sim.expireAccessTokens()
    await Promise.all([agent.get('/call'), agent.post('/data')])
    expect(await outcome(await agent.get('/call'))).toBe('200')
    sim.expireAccessTokens()
    expect(await outcome(await agent.get('/call'))).toBe('200')
    const session = (await (await agent.get('/me')).json()) as { data: unknown }
    expect(session.data).toEqual({ theme: 'dark' })
  })
})
