import type { Agent } from '@orgpass/testing'
import { describe, expect, it } from 'vitest'
import { outcome, tell } from '../session/harness.ts'
import type { Story } from '../session/harness.ts'
import { hostileFetch } from './hostile.ts'

interface Begun {
  readonly agent: Agent
  readonly authorize: URL
  readonly callback: URL
}

async function begin(story: Story, username = 'ada@acme.example', agent = story.browser()): Promise<Begun> {
  const start = await agent.get('/auth/login?returnTo=/here')
  const authorize = new URL(start.headers.get('location') ?? '')
  return { agent, authorize, callback: await story.sim.signIn(authorize, { username }) }
}

function changed(url: URL, parameters: Record<string, string | null>): string {
  const copy = new URL(url)
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) copy.searchParams.delete(name)
    else copy.searchParams.set(name, value)
  }
  return copy.href
}

describe('a callback', () => {
  it('does nothing in a browser that did not begin its login', async () => {
    await using story = await tell()
    const attacker = await begin(story, 'grace@acme.example')
    const victim = await begin(story)
    const reply = await victim.agent.get(attacker.callback.href)
    expect(await outcome(reply)).toBe('400 callback/transaction-missing')
    expect(await (await victim.agent.get('/me')).json()).toBeNull()
    expect(story.tokenRequests('authorization_code')).toBe(0)
  })

  it('brings no code of another login in, whatever state it comes with', async () => {
    await using story = await tell()
    const attacker = await begin(story, 'grace@acme.example')
    const victim = await begin(story)
    const code = attacker.callback.searchParams.get('code') ?? ''
    expect(await outcome(await victim.agent.get(changed(victim.callback, { code })))).toMatch(/^\d+ oauth\//)
    expect(await (await victim.agent.get('/me')).json()).toBeNull()
  })

  it('brings no code of another tab of the same browser in', async () => {
    await using story = await tell()
    const first = await begin(story)
    const second = await begin(story, 'grace@acme.example', first.agent)
    const code = second.callback.searchParams.get('code') ?? ''
    expect(await outcome(await first.agent.get(changed(first.callback, { code })))).toMatch(/^\d+ oauth\//)
  })

  it('redeems its code once, however many copies of it arrive at once', async () => {
    await using story = await tell()
    const { agent, callback } = await begin(story)
    const cookie = agent.cookies
      .all()
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
    const copies = await Promise.all(
      Array.from({ length: 20 }, () => fetch(callback, { headers: { cookie }, redirect: 'manual' })),
    )
    expect(copies.filter(({ status }) => status === 303)).toHaveLength(1)
    expect(story.tokenRequests('authorization_code')).toBe(1)
    expect(await outcome(await fetch(callback, { headers: { cookie }, redirect: 'manual' }))).toBe(
      '400 callback/already-used',
    )
  })

  it.each<[string, (state: string) => string | null]>([
    ['missing', () => null],
    ['empty', () => ''],
    ['only an id', (state) => state.slice(0, state.indexOf('.') + 1)],
    ['of another secret', (state) => state.replace(/.{43}$/, 'A'.repeat(43))],
    ['longer', (state) => `${state}A`],
    ['in another case', (state) => state.toUpperCase()],
    ['a path', () => '../../x'],
    ['a cookie', () => 'x=y; z'],
  ])('is refused when its state is %s', async (_, change) => {
    await using story = await tell()
    const { agent, callback } = await begin(story)
    const state = change(callback.searchParams.get('state') ?? '')
    expect(await outcome(await agent.get(changed(callback, { state })))).toMatch(/^400 callback\//)
    expect(await (await agent.get('/me')).json()).toBeNull()
  })

  it.each(['POST', 'HEAD', 'PUT', 'OPTIONS', 'DELETE'])('is no %s', async (method) => {
    await using story = await tell()
    const { agent, callback } = await begin(story)
    expect((await agent.request(method, callback.href)).status).toBe(405)
    expect(await outcome(await agent.get(callback.href))).toBe('303')
  })

  it('sends code, verifier and secret to no community that is not trusted', async () => {
    const hostile = hostileFetch()
    await using story = await tell({ fetch: hostile.fetch })
    for (const name of ['sfdc_community_url', 'sfdc_site_url']) {
      for (const value of ['https://evil.example', 'http://127.0.0.1:1/', `${story.sim.org().url}@evil.example`, 'x']) {
        const { agent, callback } = await begin(story)
        const reply = await agent.get(changed(callback, { [name]: value }))
        expect(await outcome(reply)).toBe('400 callback/foreign-community')
      }
    }
    expect(hostile.asked).toEqual([])
  })

  it('shows nothing of its error to a browser without the login', async () => {
    await using story = await tell()
    const reply = await story.browser().get('/auth/callback?error=<b>x</b>&error_description=call+us&state=x')
    expect(await reply.text()).not.toMatch(/call us|<b>/)
  })

  it('shows its error without markup, control characters or tokens', async () => {
    await using story = await tell()
    const { agent, callback } = await begin(story)
    const error_description = `<img src=x onerror=alert(1)>\r\n\u001b[31m00D000000000001!AQEAQsecretsecret 5Aep861${'x'.repeat(80)}`
    const reply = await agent.get(changed(callback, { code: null, error: 'access_denied', error_description }))
    const text = await reply.text()
    expect(reply.status).toBe(403)
    expect(text).toContain('access_denied')
    // eslint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(text).not.toMatch(/<img|[\u0000-\u001f]|AQEAQsecret|5Aep861/)
  })
})
