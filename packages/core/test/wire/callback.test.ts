import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { createAgent, createClock, eventually } from '@orgpass/testing'
import type { Agent } from '@orgpass/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { SalesforceAuthOptions } from '../../src/index.ts'
import { outcome, startApp } from './app.ts'
import type { App } from './app.ts'

const ADA = 'ada@acme.example'
const MINUTE = 60_000
const clock = createClock()
let sim: Simulator

beforeAll(async () => {
  sim = await startSimulator({ now: clock.now })
})
afterEach(() => sim.reset())
afterAll(() => sim.close())

async function open(options: SalesforceAuthOptions = {}): Promise<App> {
  const { clientId, clientSecret } = sim.app()
  const known = { clientId, clientSecret, loginUrl: sim.org().url, now: clock.now }
  return startApp(async () => ({ ...known, ...options }), { '/me': (auth) => auth.session() })
}

/** Starts a login and lets Ada approve it: the callback that her browser is about to open. */
async function approved(agent: Agent, start = '/auth/login'): Promise<URL> {
  return sim.signIn((await agent.get(start)).headers.get('location') ?? '')
}

const attempts = (agent: Agent): number => agent.cookies.all().filter(({ name }) => name.includes('.tx.')).length
const codes = (): number => sim.requests.filter(({ grantType }) => grantType === 'authorization_code').length

describe('of several logins in one browser', () => {
  it('each comes back to its own page, in any order', async () => {
    await using app = await open()
    const agent = app.browser()
    const first = await approved(agent, '/auth/login?returnTo=/first')
    const second = await approved(agent, '/auth/login?returnTo=/second')
    expect(attempts(agent)).toBe(2)
    expect((await agent.get(second.href)).headers.get('location')).toBe('/second')
    expect((await agent.get(first.href)).headers.get('location')).toBe('/first')
    expect(attempts(agent)).toBe(0)
    await eventually(() => sim.approvals(ADA).length === 1)
  })

  it('the sixth evicts the oldest, whose callback says so', async () => {
    await using app = await open()
    const agent = app.browser()
    const callbacks: URL[] = []
    for (let i = 0; i < 6; i++) {
      callbacks.push(await approved(agent, `/auth/login?returnTo=/${i}`))
      clock.advance(1_000)
    }
    expect(attempts(agent)).toBe(5)
    expect(await outcome(await agent.get(callbacks[0]?.href ?? ''))).toBe('400 callback/evicted')
    expect(codes()).toBe(0)
    const pages = callbacks.slice(1).map(async ({ href }) => (await agent.get(href)).headers.get('location'))
    expect(await Promise.all(pages)).toEqual(['/1', '/2', '/3', '/4', '/5'])
  })

  it('the code of one does not serve the state of another', async () => {
    await using app = await open()
    const agent = app.browser()
    const [first, second] = [await approved(agent), await approved(agent)]
    first.searchParams.set('code', second.searchParams.get('code') ?? '')
    expect(await outcome(await agent.get(first.href))).toMatch(/ oauth\/invalid_(?:request|grant)$/)
    expect(await (await agent.get('/me')).json()).toBeNull()
  })
})

describe('a callback', () => {
  it('after 29 minutes still counts, after 31 it says that it is late', async () => {
    await using app = await open()
    for (const [minutes, expected] of [
      [29, '303'],
      [31, '400 callback/expired'],
    ] as const) {
      const agent = createAgent(app.url, { now: clock.now })
      const away = (await agent.get('/auth/login')).headers.get('location') ?? ''
      clock.advance(minutes * MINUTE)
      expect(await outcome(await agent.get((await sim.signIn(away)).href))).toBe(expected)
    }
    expect(codes()).toBe(1)
  })

  it('opened again leads to the page while the session lives, and explains itself afterwards', async () => {
    await using app = await open()
    const agent = app.browser()
    const callback = await approved(agent, '/auth/login?returnTo=/page')
    expect((await agent.get(callback.href)).headers.get('location')).toBe('/page')
    const again = await agent.get(callback.href)
    expect([again.status, again.headers.get('location')]).toEqual([303, '/page'])
    await agent.post('/auth/logout')
    expect(await outcome(await agent.get(callback.href))).toBe('400 callback/already-used')
    expect(codes()).toBe(1)
  })

  it('opened twice at the same time redeems its code once', async () => {
    await using app = await open()
    const agent = app.browser()
    const { href } = await approved(agent)
    const outcomes = await Promise.all([agent.get(href), agent.get(href)].map(async (one) => outcome(await one)))
    expect(outcomes).toContain('303')
    expect(codes()).toBe(1)
    expect(sim.approvals(ADA)).toHaveLength(1)
  })

  it('in another browser is refused, and nothing is redeemed', async () => {
    await using app = await open()
    const { href } = await approved(app.browser())
    expect(await outcome(await app.browser().get(href))).toBe('400 callback/transaction-missing')
    expect(codes()).toBe(0)
  })

  it('at another host than the login names the host to use', async () => {
    await using app = await open()
    const callback = await approved(app.browser())
    callback.hostname = '127.0.0.1'
    const response = await createAgent(callback.origin).get(callback.href)
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: 'callback/other-host', message: expect.stringContaining(new URL(app.url).host) },
    ])
  })

  it('over http in front of an https app names the scheme', async () => {
    await using app = await open({ baseUrl: 'https://app.localhost' })
    const via = { 'https://app.localhost': app.url, 'http://app.localhost': app.url }
    const callback = await approved(app.browser({ via }))
    callback.protocol = 'http:'
    const response = await createAgent('http://app.localhost', { via }).get(callback.href)
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: 'callback/plain-http', hint: expect.stringMatching(/https/) },
    ])
  })

  it('in a frame names the frame', async () => {
    await using app = await open()
    const { href } = await approved(app.browser())
    const response = await app.browser().get(href, { headers: { 'sec-fetch-dest': 'iframe' } })
    expect(await outcome(response)).toBe('400 callback/framed')
  })

  it.each([
    ['', '400 callback/opened-directly'],
    ['?state=x', '400 callback/opened-directly'],
    ['?code=x', '400 callback/transaction-missing'],
    ['?code=x&state=', '400 callback/transaction-missing'],
    ['?error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E', '400 callback/transaction-missing'],
  ])('made up as %s is refused and shows nothing of itself', async (query, expected) => {
    await using app = await open()
    const response = await app.browser().get(`/auth/callback${query}`)
    const text = await response.clone().text()
    expect(await outcome(response)).toBe(expected)
    expect(text).not.toMatch(/script|access_denied/)
  })

  it('with the state of a login and another secret is refused', async () => {
    await using app = await open()
    const agent = app.browser()
    const callback = await approved(agent)
    const [id] = (callback.searchParams.get('state') ?? '').split('.')
    callback.searchParams.set('state', `${id}.${'A'.repeat(43)}`)
    expect(await outcome(await agent.get(callback.href))).toBe('400 callback/transaction-missing')
    expect(codes()).toBe(0)
  })

  it.each(['https://evil.example', 'http://localhost:1', 'http://127.0.0.1.evil.example/site'])(
    'that names %s as its community sends no code there',
    async (community) => {
      await using app = await open()
      const agent = app.browser()
      const callback = await approved(agent)
      callback.searchParams.set('sfdc_community_url', community)
      expect(await outcome(await agent.get(callback.href))).toBe('400 callback/foreign-community')
      expect(codes()).toBe(0)
    },
  )

  it('without code and error says so', async () => {
    await using app = await open()
    const agent = app.browser()
    const callback = await approved(agent)
    callback.searchParams.set('code', '')
    expect(await outcome(await agent.get(callback.href))).toBe('400 callback/code-missing')
  })

  it('while the token endpoint is down makes no session', async () => {
    await using app = await open()
    const agent = app.browser()
    const { href } = await approved(agent)
    sim.faults.next('token', { status: 503, body: 'html' })
    expect(await outcome(await agent.get(href))).toBe('502 net/server-error')
    expect(agent.cookies.all()).toEqual([])
  })

  it('while the keys are out of reach makes no session and keeps no grant', async () => {
    await using app = await open()
    const agent = app.browser()
    const { href } = await approved(agent)
    sim.faults.next('keys', { status: 503, body: 'html' })
    expect(await outcome(await agent.get(href))).toBe('502 net/server-error')
    expect(agent.cookies.all()).toEqual([])
    await eventually(() => sim.approvals(ADA).length === 0)
  })
})
