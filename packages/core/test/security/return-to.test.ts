import { describe, expect, it } from 'vitest'
import { safeReturnTo } from '../../src/auth/return-to.ts'
import { signIn, tell } from '../session/harness.ts'

const BASE = 'https://app.example.com/'
const PIECES = ['/', '\\', '.', '..', '@', ':', '?', '#', '%2f', '%5c', '%09', '\t', '\n', '\r', '\0', ' ', '\u2028', 'é', 'evil.example', 'https:', 'javascript:', 'x', ';', '\u3002', '\uff0f', '\u00ad', '\ud800'] // prettier-ignore

const HOSTILE = [
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n//evil.example',
  '/.//evil.example',
  '/x/..//evil.example',
  '/%2e%2e//evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  ' //evil.example',
  '@evil.example',
  '.evil.example',
  '/x\r\nSet-Cookie: a=b',
]

describe('the address to come back to', () => {
  it('is on this origin, and plain enough for a header, whatever it is made of', () => {
    let seed = 7
    const random = (limit: number): number => (seed = (seed * 48_271) % 2_147_483_647) % limit
    for (let i = 0; i < 20_000; i++) {
      const value = Array.from({ length: 1 + random(8) }, () => PIECES[random(PIECES.length)]).join('')
      const path = safeReturnTo(value, BASE, { avoid: [] })
      expect(new URL(path, BASE).origin).toBe('https://app.example.com')
      expect(path).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/)
    }
  })

  it('is on this origin by every entry', async () => {
    await using story = await tell()
    for (const value of HOSTILE) {
      const agent = story.browser()
      const start = await agent.get(`/auth/login?${new URLSearchParams({ returnTo: value }).toString()}`)
      const callback = await story.sim.signIn(start.headers.get('location') ?? '')
      const back = await agent.get(callback.href)
      expect(back.headers.get('location')).toMatch(/^\/(?![/\\])/)
      expect(new URL(back.headers.get('location') ?? '', story.url).origin).toBe(story.url)
      const left = await agent.post('/auth/logout', { form: { returnTo: value } })
      expect(new URL(left.headers.get('location') ?? '', story.url).origin).toBe(story.url)
      expect(left.headers.getSetCookie().every((line) => line.startsWith('salesforce.sid'))).toBe(true)
    }
  })

  it('does not lead back into the auth routes', async () => {
    await using story = await tell()
    for (const path of ['/auth/login', '/auth/./login?x', '/x/../auth/logout', '/auth/callback?code=x#y']) {
      const agent = story.browser()
      const start = await agent.get(`/auth/login?${new URLSearchParams({ returnTo: path }).toString()}`)
      const back = await agent.get((await story.sim.signIn(start.headers.get('location') ?? '')).href)
      expect(back.headers.get('location')).toBe('/')
    }
  })

  it('cannot be given with a second parameter, a body or the callback itself', async () => {
    await using story = await tell()
    const agent = story.browser()
    const start = await agent.get('/auth/login?returnTo=/one&returnTo=//evil.example')
    const callback = await story.sim.signIn(start.headers.get('location') ?? '')
    callback.searchParams.set('returnTo', '//evil.example')
    expect((await agent.get(callback.href)).headers.get('location')).toBe('/one')
    await signIn(story.sim, agent)
  })
})
