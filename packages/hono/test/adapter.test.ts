import type { SalesforceAuthOptions } from '@orgpass/core'
import { isSalesforceAuthError } from '@orgpass/core'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { createAgent, eventually } from '@orgpass/testing'
import type { Agent } from '@orgpass/testing'
import { signIn } from '@orgpass/testing/adapter'
import { serve } from '@hono/node-server'
import type { ServerType } from '@hono/node-server'
import type { AddressInfo } from 'node:net'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { setCookie } from 'hono/cookie'
import { HTTPException } from 'hono/http-exception'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { requiresAuth, salesforceAuth, salesforceOf } from '../src/index.ts'
import type { SalesforceEnv } from '../src/index.ts'

const LIMITS = '/services/data/v64.0/limits'
const asScript = { accept: 'application/json', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }

let sim: Simulator
let server: ServerType
let url: string
let app: Hono<SalesforceEnv>

beforeAll(async () => {
  sim = await startSimulator()
  server = serve({ fetch: (request) => app.fetch(request), port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  url = `http://localhost:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  sim.reset()
  app = new Hono<SalesforceEnv>()
})
afterEach(() => vi.restoreAllMocks())
afterAll(async () => {
  server.close()
  await sim.close()
})

function options(): SalesforceAuthOptions {
  const { clientId, clientSecret } = sim.app()
  const session = { secret: 'a session secret of the tests 0123456789 abcdef' }
  return { clientId, clientSecret, loginUrl: sim.org().url, baseUrl: url, logger: () => undefined, session }
}

async function login(): Promise<Agent> {
  const agent = createAgent(url)
  await signIn(sim, agent)
  return agent
}

const names = (response: Response): string[] =>
  response.headers.getSetCookie().map((line) => line.slice(0, line.indexOf('=')))

describe('errors', () => {
  it('are answered as JSON with their status by an app that maps nothing', async () => {
    app.use(salesforceAuth(options()))
    app.get('/token', async (c) => c.text(await c.var.salesforce.accessToken()))
    const missing = await createAgent(url).get('/token')
    expect([missing.status, await missing.json()]).toMatchObject([401, { error: 'session/missing', needsLogin: true }])
    const opened = await createAgent(url).get('/auth/callback')
    expect([opened.status, await opened.json()]).toMatchObject([400, { error: 'callback/opened-directly' }])
    expect(opened.headers.get('cache-control')).toBe('no-store')
  })

  it('that are for the app’s owner keep their words for the console', async () => {
    const printed = vi.spyOn(console, 'error').mockReturnValue()
    app.use(salesforceAuth({ ...options(), loginUrl: 'https://login.example' }))
    const response = await createAgent(url).get('/any')
    expect([response.status, await response.text()]).toEqual([500, expect.not.stringContaining('login.example')])
    expect(printed.mock.calls.flat()[0]).toMatchObject({ code: 'config/invalid', hint: expect.any(String) })
  })

  it('reach the error handler of the app as they are', async () => {
    const seen: unknown[] = []
    app.use(salesforceAuth(options()))
    app.get('/token', async (c) => c.text(await c.var.salesforce.accessToken()))
    app.onError((error, c) => {
      seen.push(isSalesforceAuthError(error) && error.code)
      return c.text('mine', 418)
    })
    for (const path of ['/token', '/auth/callback']) {
      const response = await createAgent(url).get(path)
      expect([response.status, await response.text()]).toEqual([418, 'mine'])
    }
    expect(seen).toEqual(['session/missing', 'callback/opened-directly'])
  })

  it('of Hono stay Hono’s', async () => {
    app.use(salesforceAuth(options()))
    app.get('/gone', () => {
      throw new HTTPException(410, { message: 'gone' })
    })
    const response = await createAgent(url).get('/gone')
    expect([response.status, await response.text()]).toEqual([410, 'gone'])
  })

  it.each([
    ['text', () => app.onError((_error, c) => c.text('failed', 400))],
    [
      'the error’s own response',
      () => app.onError((error) => (isSalesforceAuthError(error) ? error.getResponse() : new Response())),
    ],
    ['nothing special', () => undefined],
  ])('at the callback take the login’s cookie away: answered by %s', async (_, handle) => {
    app.use(salesforceAuth(options()))
    // More than one handler, as apps have.
    app.get('*', (c) => c.text('page'))
    handle()
    const agent = createAgent(url)
    const away = await agent.get('/auth/login')
    const denied = await sim.signIn(away.headers.get('location') ?? '', { deny: true })
    const failed = await agent.get(denied.href)
    expect(failed.status).toBeGreaterThanOrEqual(400)
    expect(failed.headers.get('cache-control')).toBe('no-store')
    expect(agent.cookies.all()).toEqual([])
  })
})

describe('what other middleware does', () => {
  it('before the kit stands beside its cookies and headers, on pages and on auth routes', async () => {
    app.use(cors({ origin: 'https://partner.example', credentials: true }))
    app.use(async (c, next) => {
      c.res.headers.append('set-cookie', 'early=1; Path=/')
      setCookie(c, 'own', '1')
      await next()
      setCookie(c, 'late', '1')
    })
    app.use(salesforceAuth(options()))
    app.get('/call', async (c) => {
      await c.var.salesforce.fetch(LIMITS)
      return c.text('called')
    })
    const agent = await login()
    sim.expireAccessTokens()
    const response = await agent.get('/call', { headers: { ...asScript, origin: 'https://partner.example' } })
    expect(names(response).toSorted()).toEqual(['early', 'late', 'own', 'salesforce.sid'])
    expect(response.headers.get('access-control-allow-origin')).toBe('https://partner.example')
    const away = await agent.get('/auth/login')
    expect(names(away).toSorted()).toEqual(['early', 'late', 'own', expect.stringMatching(/^salesforce\.tx/)])
    expect(away.status).toBe(302)
  })

  it.each<[string, () => Response | Promise<Response>]>([
    ['a response of its own', () => new Response('own', { headers: { 'x-own': '1' } })],
    ['a redirect of the platform', () => Response.redirect('http://localhost/there')],
    ['what fetch answered', () => fetch('data:text/plain,hello')],
    ['nothing', () => new Response(null, { status: 204 })],
  ])('behind the kit may answer %s', async (_, answer) => {
    app.use(salesforceAuth(options()))
    app.get('/call', async (c) => {
      await c.var.salesforce.fetch(LIMITS)
      return answer()
    })
    const agent = await login()
    sim.expireAccessTokens()
    expect(names(await agent.get('/call'))).toEqual(['salesforce.sid'])
  })

  it('may put another request in the place of the first', async () => {
    app.use(salesforceAuth(options()))
    app.use(async (c, next) => {
      c.req.raw = new Request(c.req.raw, { headers: c.req.raw.headers })
      await next()
    })
    app.post('/write', requiresAuth(), async (c) => {
      expect(salesforceOf(c)).toBe(c.var.salesforce)
      return c.text(await c.req.text())
    })
    const agent = await login()
    expect(await (await agent.post('/write', { body: 'written' })).text()).toBe('written')
  })

  it('may have read a form as text, which the logout still understands', async () => {
    app.use(async (c, next) => {
      if (c.req.method === 'POST') await c.req.text()
      await next()
    })
    app.use(salesforceAuth(options()))
    const bye = await (await login()).post('/auth/logout', { form: { returnTo: '/bye' } })
    expect(bye.headers.get('location')).toBe('/bye')
  })
})

describe('configuration', () => {
  it('is checked once, whatever the number of requests', async () => {
    let made = 0
    app.use(
      salesforceAuth(() => {
        made++
        return options()
      }),
    )
    app.get('/', (c) => c.text('home'))
    for (let i = 0; i < 5; i++) await createAgent(url).get('/')
    expect(made).toBe(1)
  })

  it('that failed is tried again with the next request', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    let made = 0
    app.use(salesforceAuth(() => (made++ === 0 ? { ...options(), clientId: '' } : options())))
    app.get('/', (c) => c.text('home'))
    expect((await createAgent(url).get('/')).status).toBe(500)
    expect((await createAgent(url).get('/')).status).toBe(200)
  })
})

it('work behind a reply is handed to the platform', async () => {
  app.use(salesforceAuth(options()))
  const agent = await login()
  const work: Promise<unknown>[] = []
  const context = { waitUntil: (promise: Promise<unknown>) => void work.push(promise), passThroughOnException() {} }
  const headers = { cookie: `salesforce.sid=${agent.cookies.get('salesforce.sid') ?? ''}`, origin: url }
  const request = new Request(`${url}/auth/logout`, { method: 'POST', headers })
  expect((await app.fetch(request, {}, { ...context, props: {} })).status).toBe(303)
  expect(work).toHaveLength(1)
  await Promise.all(work)
  await eventually(() => sim.approvals('ada@acme.example').length === 0)
})
