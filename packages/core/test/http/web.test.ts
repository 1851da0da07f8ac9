import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { eventually } from '@orgpass/testing'
import { describe, expect, it } from 'vitest'
import { createSalesforceAuth, memoryStore } from '../../src/index.ts'
import type { OpenedRequest, SalesforceAuthOptions, SessionOptions } from '../../src/index.ts'
import { recallAuth, rememberAuth, webExchange, webReply, withCookies } from '../../src/web.ts'
import type { WebExchange, WebExchangeOptions } from '../../src/web.ts'
import { SECRET } from '../session/harness.ts'

const LIMITS = '/services/data/v64.0/limits'
const BASE = 'http://localhost:3000'

function exchangeWith(lines: Record<string, string>): WebExchange {
  const exchange = webExchange(new Request(BASE))
  for (const [name, line] of Object.entries(lines)) exchange.setCookie(name, line)
  return exchange
}

describe('withCookies', () => {
  it('leaves a response alone that sets no cookie of ours', () => {
    const response = new Response('page', { headers: { 'set-cookie': 'own=1', 'cache-control': 'public' } })
    expect(withCookies(response, exchangeWith({}))).toBe(response)
  })

  it('puts our cookies beside those of the app, in place of its own of the same name, and forbids caches', async () => {
    const headers = new Headers({ 'cache-control': 'public, max-age=600', 'x-own': '1' })
    for (const line of ['own=1; Path=/', 'sid=stale', 'sid.side=own', 'two=2']) headers.append('set-cookie', line)
    const sent = withCookies(new Response('page', { status: 201, headers }), exchangeWith({ sid: 'sid=ours; Path=/' }))
    expect(sent.headers.getSetCookie()).toEqual(['own=1; Path=/', 'sid.side=own', 'two=2', 'sid=ours; Path=/'])
    expect([sent.status, sent.headers.get('cache-control'), sent.headers.get('x-own')]).toEqual([201, 'no-store', '1'])
    expect(await sent.text()).toBe('page')
  })

  it.each([
    ['a redirect, whose headers are immutable', Response.redirect('http://localhost/there', 303), 303],
    ['an answer without a body', new Response(null, { status: 204 }), 204],
    ['a stream', new Response(new Blob(['chunk']).stream(), { status: 206 }), 206],
  ])('carries cookies on %s', (_, response, status) => {
    const sent = withCookies(response, exchangeWith({ sid: 'sid=ours' }))
    expect([sent.status, sent.headers.getSetCookie()]).toEqual([status, ['sid=ours']])
    expect(sent.headers.get('location')).toBe(response.headers.get('location'))
  })

  it('carries cookies on what fetch answered', async () => {
    const sent = withCookies(await fetch('data:text/plain,hello'), exchangeWith({ sid: 'sid=ours' }))
    expect([await sent.text(), sent.headers.getSetCookie()]).toEqual(['hello', ['sid=ours']])
  })

  it('hands a switch of protocols back as it is', () => {
    const handshake = Object.defineProperty(new Response(null), 'status', { value: 101 })
    expect(withCookies(handshake, exchangeWith({ sid: 'sid=ours' }))).toBe(handshake)
  })

  it('does not write to a response that the app answers to everybody', () => {
    const shared = new Response(null, { status: 204 })
    withCookies(shared, exchangeWith({ sid: 'sid=of one visitor' }))
    expect(shared.headers.getSetCookie()).toEqual([])
  })
})

describe('webExchange', () => {
  it('reads method, target and headers as the client sent them', () => {
    const request = new Request(`${BASE}/a//b?x=%20&y`, { method: 'POST', headers: { 'X-One': '1' } })
    const exchange = webExchange(request)
    const { method, target } = exchange
    expect([method, target, exchange.header('x-one'), exchange.header('x-two')]).toEqual([
      'POST',
      '/a//b?x=%20&y',
      '1',
      undefined,
    ])
  })

  it('is committed once its response leaves, cookies or not', () => {
    const exchange = webExchange(new Request(BASE))
    expect(exchange.committed).toBe(false)
    withCookies(new Response(), exchange)
    expect(exchange.committed).toBe(true)
  })

  it('is committed from the start for a WebSocket handshake, whose answer takes no cookie', () => {
    const headers = { upgrade: 'WebSocket', connection: 'Upgrade' }
    expect(webExchange(new Request(BASE, { headers })).committed).toBe(true)
  })

  it.each<[string, WebExchangeOptions['parsedBody'], string]>([
    ['fields', async () => ({ returnTo: '/a', file: new Blob([]) }), 'returnTo=%2Fa'],
    ['text', async () => 'returnTo=/a', 'returnTo=%2Fa'],
    ['bytes', async () => new TextEncoder().encode('returnTo=/a'), 'returnTo=%2Fa'],
  ])('takes a form that was read before from a parser: %s', async (_, parsedBody, form) => {
    const request = new Request(BASE, { method: 'POST', body: 'returnTo=/a' })
    await request.text()
    expect((await webExchange(request, parsedBody && { parsedBody }).form()).toString()).toBe(form)
  })

  it('needs nothing of a body that never was, whoever read it', async () => {
    const request = new Request(BASE, { method: 'POST', body: '', headers: { 'content-length': '0' } })
    await request.text()
    expect((await webExchange(request).form()).toString()).toBe('')
  })

  it.each<[string, WebExchangeOptions]>([
    ['nobody kept', {}],
    ['no parser has', { parsedBody: async () => undefined }],
    ['a parser fails on', { parsedBody: () => Promise.reject(new TypeError('used')) }],
  ])('tells of a body that was read and that %s', async (_, options) => {
    const request = new Request(BASE, { method: 'POST', body: 'returnTo=/a' })
    await request.text()
    await expect(webExchange(request, options).form()).rejects.toMatchObject({ code: 'request/body-unreadable' })
  })
})

describe('the auth of a request', () => {
  const kit = createSalesforceAuth({
    clientId: 'id',
    clientSecret: 's',
    loginUrl: 'https://a.my.salesforce.com',
    baseUrl: BASE,
  })

  it('is remembered by its request and its name', () => {
    const request = new Request(BASE)
    const { auth } = kit.open(webExchange(request))
    rememberAuth(request, kit, auth)
    expect(recallAuth(request, 'salesforce')).toBe(auth)
    expect(() => recallAuth(request, 'partner')).toThrow(expect.objectContaining({ code: 'config/not-mounted' }))
    expect(() => recallAuth(new Request(BASE), 'salesforce')).toThrow(
      expect.objectContaining({ code: 'config/not-mounted' }),
    )
    expect(() => rememberAuth(request, kit, auth)).toThrow(expect.objectContaining({ code: 'config/duplicate-name' }))
  })
})

interface Visit extends OpenedRequest {
  /** Sends a response off and keeps its cookies. */
  readonly send: (response: Response) => Response
  /** Answers an auth route. */
  readonly reply: () => Promise<Response>
}

interface Story extends AsyncDisposable {
  readonly sim: Simulator
  /** What the platform was asked to wait for. */
  readonly work: readonly Promise<unknown>[]
  visit(path: string, init?: RequestInit): Visit
  spent(): number
}

/** A browser in which Ada has logged in, and an app of Fetch requests without a server. */
async function loggedIn(session: SessionOptions = {}): Promise<Story> {
  const story = await atLogin({ session })
  const away = await story.visit('/auth/login').reply()
  const callback = await story.sim.signIn(away.headers.get('location') ?? '')
  expect((await story.visit(callback.href).reply()).status).toBe(303)
  return story
}

/** The same with nobody logged in. */
async function atLogin({ session, ...options }: SalesforceAuthOptions): Promise<Story> {
  const sim = await startSimulator()
  const { clientId, clientSecret } = sim.app()
  const reach = { clientId, clientSecret, loginUrl: sim.org().url, baseUrl: BASE, logger: () => undefined }
  const kit = createSalesforceAuth({ ...reach, ...options, session: { secret: SECRET, ...session } }, {})
  const cookies = new Map<string, string>()
  const work: Promise<unknown>[] = []
  const visit = (path: string, init: RequestInit = {}): Visit => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const request = new Request(new URL(path, BASE), { ...init, headers: { cookie, origin: BASE } })
    const exchange = webExchange(request, { waitUntil: (promise) => void work.push(promise) })
    const opened = kit.open(exchange)
    const send = (response: Response): Response => {
      const sent = withCookies(response, exchange)
      for (const line of sent.headers.getSetCookie()) {
        const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
        cookies.set(name, value)
      }
      return sent
    }
    return { ...opened, send, reply: async () => send(webReply((await opened.handle()) ?? { status: 404 })) }
  }
  const spent = (): number => sim.requests.filter((line) => line.grantType === 'refresh_token').length
  return { sim, work, visit, spent, [Symbol.asyncDispose]: () => sim.close() }
}

describe('a session over Fetch requests', () => {
  it('is not spent for a body that asks for a token after its response left, and says so', async () => {
    await using story = await loggedIn()
    story.sim.expireAccessTokens()
    const { auth, send } = story.visit('/page')
    send(new Response('begin'))
    await expect(auth.fetch(LIMITS)).rejects.toMatchObject({ code: 'session/response-started' })
    expect(story.spent()).toBe(0)
  })

  it('is spent for such a body when it lives in a store', async () => {
    await using story = await loggedIn({ store: memoryStore() })
    story.sim.expireAccessTokens()
    const { auth, send } = story.visit('/page')
    send(new Response('begin'))
    expect((await auth.fetch(LIMITS)).status).toBe(200)
    expect(story.spent()).toBe(1)
  })

  it('is revoked behind the reply of a logout, which the platform is asked to wait for', async () => {
    await using story = await loggedIn()
    story.sim.faults.next('revoke', { latency: 100 })
    const left = await story.visit('/auth/logout', { method: 'POST' }).reply()
    expect([left.status, story.work.length]).toEqual([303, 1])
    expect(story.sim.approvals('ada@acme.example')).toHaveLength(1)
    await Promise.all(story.work)
    expect(story.sim.approvals('ada@acme.example')).toHaveLength(0)
  })

  it('that the app refuses is revoked behind the reply, which the platform is asked to wait for', async () => {
    await using story = await atLogin({ onLogin: () => Promise.reject(new Error('not you')) })
    const away = await story.visit('/auth/login').reply()
    const callback = await story.sim.signIn(away.headers.get('location') ?? '')
    await expect(story.visit(callback.href).reply()).rejects.toMatchObject({ code: 'callback/login-refused' })
    expect(story.work).toHaveLength(1)
    await Promise.all(story.work)
    expect(story.sim.approvals('ada@acme.example')).toHaveLength(0)
  })

  it('is renewed to the end when the visitor leaves, which the platform is asked to wait for', async () => {
    await using story = await loggedIn()
    story.sim.expireAccessTokens()
    story.sim.faults.next('token:refresh_token', { latency: 100 })
    const call = story.visit('/page').auth.fetch(LIMITS)
    await eventually(() => story.work.length === 1)
    expect(story.spent()).toBe(0)
    await Promise.all(story.work)
    expect(story.spent()).toBe(1)
    await call
  })
})
