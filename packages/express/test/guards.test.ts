import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest'
import type { RequestAuth } from '@orgpass/core'
import type { Request } from 'express'
import { createSalesforceAuth } from '@orgpass/core/node'
import { requiresAuth, requiresSameOrigin, salesforceAuth, salesforceOf } from '../src/index.ts'
import { asJson, hosts, page, script, signIn, stage } from './stage.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
afterAll(() => sim.close())

describe.each(hosts)('$name: guards', ({ express }) => {
  it('a person opening a page is sent to the login; everybody else gets 401 and JSON that says how', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options), requiresAuth())
    const agent = scene.browser()
    const away = await agent.get('/any?x=1')
    expect(away.status).toBe(302)
    expect(away.headers.get('location')).toContain(`${sim.org().url}/services/oauth2/authorize?`)
    const strangers = [
      await agent.get('/any', { headers: script }),
      await agent.get('/any', { headers: { 'sec-fetch-dest': 'iframe' } }),
      await agent.get('/any', { headers: { 'sec-purpose': 'prefetch' } }),
      await agent.post('/any'),
      await agent.request('OPTIONS', '/any'),
    ]
    for (const response of strangers) {
      expect(response.status).toBe(401)
      expect(response.headers.get('content-type')).toBe('application/json')
      expect(response.headers.get('www-authenticate')).toBe('Salesforce realm="salesforce"')
      expect(response.headers.getSetCookie()).toEqual([])
      expect(await response.json()).toMatchObject({ error: 'session/missing', needsLogin: true, login: '/auth/login' })
    }
    const head = await agent.request('HEAD', '/any')
    expect([head.status, await head.text()]).toEqual([401, ''])
  })

  it('who is logged in passes, with every method', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options), requiresAuth(), (_req, res) => void res.status(204).end())
    const agent = await scene.login()
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE']) {
      expect((await agent.request(method, '/any')).status).toBe(204)
    }
  })

  it('a write from a page of another origin is refused before the handler runs', async () => {
    await using scene = await stage(express, sim)
    let writes = 0
    scene.app.use(salesforceAuth(scene.options))
    scene.app.post('/write', requiresAuth(), requiresSameOrigin(), (_req, res) => void res.send(String(++writes)))
    scene.app.use(asJson)
    const agent = await scene.login()
    expect(await (await agent.post('/write')).text()).toBe('1')
    const forged = await agent.post('/write', { headers: { origin: 'https://evil.example' } })
    expect([forged.status, await forged.json()]).toMatchObject([403, { error: 'request/cross-origin' }])
    expect(writes).toBe(1)
  })

  it('a guard without the middleware says what to mount', async () => {
    await using scene = await stage(express, sim)
    scene.app.get('/page', requiresAuth(), (_req, res) => void res.send('in'))
    scene.app.use(asJson)
    const response = await scene.browser().get('/page')
    expect([response.status, await response.json()]).toMatchObject([
      500,
      { error: 'config/not-mounted', hint: expect.stringMatching(/Mount it before/) },
    ])
  })

  it('the same name twice says so instead of mixing sessions', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options), salesforceAuth(scene.options), asJson)
    const response = await scene.browser().get('/page')
    expect([response.status, await response.json()]).toMatchObject([
      500,
      { error: 'config/duplicate-name', hint: expect.stringMatching(/name/) },
    ])
  })

  it('one instance may be shared by apps that are mounted side by side', async () => {
    await using scene = await stage(express, sim)
    const shared = createSalesforceAuth(scene.options, {})
    const [left, right] = [express(), express()]
    for (const app of [left, right]) {
      app.use(salesforceAuth(shared))
      app.get(
        '/me',
        requiresAuth(),
        page(async (req, res) => res.json(await req.salesforce.session())),
      )
    }
    scene.app.use('/left', left)
    scene.app.use('/right', right)
    scene.app.use(salesforceAuth(shared))
    const agent = await scene.login()
    const ids = await Promise.all(['/left/me', '/right/me'].map(async (path) => (await agent.get(path)).json()))
    expect(ids[0]).toMatchObject({ orgId: sim.org().id })
    expect(ids[0]).toEqual(ids[1])
  })

  it('two instances of different names keep two people in one browser', async () => {
    await using scene = await stage(express, sim)
    const routes = { login: '/partner/login', callback: '/partner/callback', logout: '/partner/logout' }
    scene.app.use(salesforceAuth(scene.options), salesforceAuth({ ...scene.options, name: 'partner', routes }))
    scene.app.get(
      '/names',
      requiresAuth(),
      requiresAuth({ name: 'partner' }),
      page(async (req, res) => {
        const partner = salesforceOf(req, { name: 'partner' })
        expect(Reflect.get(req, 'partner')).toBe(partner)
        res.json([(await req.salesforce.identity()).username, (await partner.identity()).username])
      }),
    )
    const agent = await scene.login()
    const away = await agent.get('/names', { headers: script })
    expect(away.headers.get('www-authenticate')).toBe('Salesforce realm="partner"')
    expect(await away.json()).toMatchObject({ login: '/partner/login' })
    await signIn(sim, agent, { start: '/partner/login', username: 'grace@acme.example' })
    expect(await (await agent.get('/names')).json()).toEqual(['ada@acme.example', 'grace@acme.example'])
    await agent.post('/partner/logout')
    expect((await agent.get('/names', { headers: script })).status).toBe(401)
  })

  it('the request property is found by its name only: no other library sees it listed', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options))
    scene.app.get('/keys', (req, res) => {
      expect(req.salesforce).toBe(salesforceOf(req))
      res.json(Object.keys(req).includes('salesforce'))
    })
    expect(await (await scene.browser().get('/keys')).json()).toBe(false)
  })
})

it('the types of the request say what is there, and mistakes do not compile', () => {
  expectTypeOf<Request['salesforce']>().toEqualTypeOf<RequestAuth>()
  expectTypeOf(salesforceOf).returns.toEqualTypeOf<RequestAuth>()
  const mistakes = (req: Request): unknown[] => [
    // @ts-expect-error -- the session is a promise
    req.salesforce.session().orgId,
    // @ts-expect-error -- it is the kit's to set
    (req.salesforce = {}),
    // @ts-expect-error -- a name is text
    salesforceOf(req, { name: 1 }),
    // @ts-expect-error -- there is no such option
    salesforceAuth({ clientID: 'x' }),
    // @ts-expect-error -- guards take no list
    requiresAuth(['api']),
    // @ts-expect-error -- the tokens are not on the request
    req.salesforce.tokens,
  ]
  expect(mistakes).toBeTypeOf('function')
})
