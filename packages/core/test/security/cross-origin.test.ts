import { describe, expect, it } from 'vitest'
import { outcome, tell } from '../session/harness.ts'

type Headers = Record<string, string | undefined>
const NOTHING: Headers = { origin: undefined, 'sec-fetch-site': undefined }

describe('a logout', () => {
  it.each<[string, (origin: string) => Headers]>([
    ['from another site', () => ({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })],
    ['from an opaque origin', () => ({ origin: 'null', 'sec-fetch-site': undefined })],
    ['from a sandboxed frame', () => ({ origin: 'null', 'sec-fetch-site': 'cross-site' })],
    ['from a sibling that keeps its origin back', () => ({ origin: 'null', 'sec-fetch-site': 'same-site' })],
    ['from an empty origin', () => ({ origin: '', 'sec-fetch-site': 'same-origin' })],
    ['from another port', (origin) => ({ origin: origin.replace(/\d+$/, '1') })],
    ['from another scheme', (origin) => ({ origin: origin.replace('http:', 'https:') })],
    ['from a name that begins with ours', (origin) => ({ origin: `${origin}.evil.example` })],
    ['from a name in capitals that is not ours', () => ({ origin: 'HTTP://EVIL.EXAMPLE' })],
    ['from two origins', (origin) => ({ origin: `${origin}, https://evil.example` })],
    ['from a sibling site', () => ({ origin: undefined, 'sec-fetch-site': 'same-site' })],
    ['typed by hand', () => ({ origin: undefined, 'sec-fetch-site': 'none' })],
    ['from nowhere', () => NOTHING],
    ['from nowhere, with a referrer', (origin) => ({ ...NOTHING, referer: `${origin}/` })],
    ['behind a forged proxy', () => ({ ...NOTHING, 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' })],
  ])('%s is refused and changes nothing', async (_, headers) => {
    await using story = await tell()
    const agent = await story.login()
    const reply = await agent.post('/auth/logout', { headers: headers(story.url) })
    expect(await outcome(reply)).toBe('403 request/cross-origin')
    expect(reply.headers.getSetCookie()).toEqual([])
    expect(await (await agent.get('/me')).json()).not.toBeNull()
  })

  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])('by %s is refused', async (method) => {
    await using story = await tell()
    const agent = await story.login()
    expect((await agent.request(method, '/auth/logout', { from: `${story.url}/` })).status).toBe(405)
    expect(await (await agent.get('/me')).json()).not.toBeNull()
  })

  it.each([undefined, 'null'])('passes from a page of the app whose browser says as origin %s', async (origin) => {
    await using story = await tell()
    const agent = await story.login()
    const headers = { origin, 'sec-fetch-site': 'same-origin' }
    expect((await agent.post('/auth/logout', { headers })).status).toBe(303)
  })

  it('cannot poison the process with the members of its form', async () => {
    await using story = await tell()
    const agent = await story.login()
    const form = { '__proto__[polluted]': '1', 'constructor.prototype.polluted': '1', __proto__: '1' }
    expect((await agent.post('/auth/logout', { form })).status).toBe(303)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('a login', () => {
  it.each<[string, Headers]>([
    ['a prefetch', { 'sec-purpose': 'prefetch' }],
    ['a prerender', { 'sec-purpose': 'prefetch;prerender' }],
    ['an old prefetch', { purpose: 'prefetch' }],
    ['a script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['an image', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
  ])('is not begun by %s', async (_, headers) => {
    await using story = await tell()
    const reply = await story.browser().get('/auth/login', { headers })
    expect(await outcome(reply)).toBe('401 request/not-a-navigation')
    expect(reply.headers.getSetCookie()).toEqual([])
  })

  it.each<[string, Headers]>([
    ['a frame', { 'sec-fetch-dest': 'iframe' }],
    ['a script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['a prefetch', { 'sec-purpose': 'prefetch' }],
    [
      'an old script',
      { 'sec-fetch-mode': undefined, 'sec-fetch-dest': undefined, 'x-requested-with': 'XMLHttpRequest' },
    ],
  ])('is not begun by the guard for %s', async (_, headers) => {
    await using story = await tell()
    const reply = await story.browser().get('/guarded', { headers })
    expect(await outcome(reply)).toBe('401 session/missing')
    expect(reply.headers.getSetCookie()).toEqual([])
  })

  it('asks for a callback at baseUrl, whatever host and proxy the request names', async () => {
    await using story = await tell()
    const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example' }
    const reply = await story.browser().get('/auth/login', { headers })
    const authorize = new URL(reply.headers.get('location') ?? '')
    expect(authorize.origin).toBe(story.sim.org().url)
    expect(authorize.searchParams.get('redirect_uri')).toBe(`${story.url}/auth/callback`)
  })

  it('takes no parameter for Salesforce but the ones it knows', async () => {
    await using story = await tell()
    const query = 'redirect_uri=https://evil.example&client_id=x&scope=full&prompt=none&login_hint=a%26prompt%3Dnone'
    const reply = await story.browser().get(`/auth/login?${query}`)
    const { searchParams } = new URL(reply.headers.get('location') ?? '')
    expect(searchParams.get('redirect_uri')).toBe(`${story.url}/auth/callback`)
    expect(searchParams.get('client_id')).toBe(story.sim.app().clientId)
    expect(searchParams.get('scope')).not.toContain('full')
    expect(searchParams.getAll('prompt')).toEqual([])
  })
})
