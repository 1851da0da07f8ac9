import { createServer, request } from 'node:http'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { createAgent, listen } from '@orgpass/testing'
import type { Listening } from '@orgpass/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requiresAuth, salesforceAuth } from '../src/index.ts'
import { asJson, hosts, LIMITS, page, script, signIn, stage } from './stage.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
afterAll(() => sim.close())

describe.each(hosts)('$name: routes', ({ express }) => {
  it('a login comes back to where it began, and the page calls Salesforce', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options))
    scene.app.get(
      '/limits',
      requiresAuth(),
      page(async (req, res) => res.json(await (await req.salesforce.fetch(LIMITS)).json())),
    )
    const agent = scene.browser()
    const away = await agent.get('/limits?a=1')
    expect(away.status).toBe(302)
    const callback = await sim.signIn(away.headers.get('location') ?? '')
    const back = await agent.get(callback.href)
    expect([back.status, back.headers.get('location')]).toEqual([303, '/limits?a=1'])
    const answer = await agent.follow(back)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toHaveProperty('DailyApiRequests')
  })

  it('a logout ends the session, revokes the grant and goes home', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options))
    scene.app.get(
      '/me',
      page(async (req, res) => res.json((await req.salesforce.session()) ?? null)),
    )
    const agent = await scene.login()
    expect(await (await agent.get('/me')).json()).toMatchObject({ orgId: sim.org().id })
    const bye = await agent.post('/auth/logout')
    expect([bye.status, bye.headers.get('location')]).toEqual([303, '/'])
    expect(await (await agent.get('/me')).json()).toBeNull()
  })

  it("each can be renamed; the usual names are then the app's own", async () => {
    await using scene = await stage(express, sim)
    const routes = { login: '/in', callback: '/back/from/salesforce', logout: '/out' }
    scene.app.use(salesforceAuth({ ...scene.options, routes }))
    scene.app.get('/auth/login', (_req, res) => void res.send("the app's own login"))
    const agent = scene.browser()
    expect(await (await agent.get('/auth/login')).text()).toBe("the app's own login")
    await signIn(sim, agent, { start: '/in' })
    expect((await agent.post('/out')).status).toBe(303)
  })

  it('each can be left out, and started by the app itself', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth({ ...scene.options, routes: { login: false, logout: false } }))
    scene.app.get(
      '/connect',
      page(async (req, res) => {
        const { status, location = '' } = await req.salesforce.login({ returnTo: '/done' })
        res.redirect(status, location)
      }),
    )
    const agent = scene.browser()
    expect((await agent.get('/auth/login')).status).toBe(404)
    expect((await agent.post('/auth/logout')).status).toBe(404)
    const back = await signIn(sim, agent, { start: '/connect' })
    expect(back.headers.get('location')).toBe('/done')
  })

  it.each(['/app', '/a/b'])('all work mounted under %s', async (path) => {
    await using scene = await stage(express, sim)
    scene.app.use(path, salesforceAuth({ ...scene.options, baseUrl: scene.url + path }))
    scene.app.get(`${path}/page`, requiresAuth(), (_req, res) => void res.send('in'))
    const agent = scene.browser()
    expect((await agent.get('/auth/login')).status).toBe(404)
    const back = await signIn(sim, agent, { start: `${path}/page` })
    expect(back.headers.get('location')).toBe(`${path}/page`)
    expect(await (await agent.follow(back)).text()).toBe('in')
    expect((await agent.post(`${path}/auth/logout`)).status).toBe(303)
  })

  it('all work in a router, and the paths of other routers are left alone', async () => {
    await using scene = await stage(express, sim)
    const router = express.Router()
    router.use(salesforceAuth({ ...scene.options, baseUrl: `${scene.url}/crm` }))
    router.get('/page', requiresAuth(), (_req, res) => void res.send('in'))
    scene.app.use('/crm', router)
    scene.app.get('/auth/login', (_req, res) => void res.send('another'))
    const agent = scene.browser()
    expect(await (await agent.get('/auth/login')).text()).toBe('another')
    await signIn(sim, agent, { start: '/crm/auth/login' })
    expect(await (await agent.get('/crm/page')).text()).toBe('in')
  })

  it('the login and callback work behind a proxy that takes the prefix away', async () => {
    await using scene = await stage(express, sim)
    const proxy = await stripPrefix('/app', scene.port)
    scene.app.use(salesforceAuth({ ...scene.options, baseUrl: `${proxy.url}/app` }))
    scene.app.get(
      '/me',
      page(async (req, res) => res.json((await req.salesforce.session()) ?? null)),
    )
    const agent = createAgent(proxy.url)
    const back = await signIn(sim, agent, { start: '/app/auth/login?returnTo=/app/me' })
    expect(back.headers.get('location')).toBe('/app/me')
    expect(await (await agent.follow(back)).json()).toMatchObject({ orgId: sim.org().id })
    expect((await agent.post('/app/auth/logout')).status).toBe(303)
    await proxy.close()
  })

  // The guard sends people back to the path that the app saw, without the prefix that the browser needs.
  it('a guard behind a proxy that takes the prefix away leads back below the prefix', async () => {
    await using scene = await stage(express, sim)
    const proxy = await stripPrefix('/app', scene.port)
    scene.app.use(salesforceAuth({ ...scene.options, baseUrl: `${proxy.url}/app` }))
    scene.app.get('/page', requiresAuth(), (_req, res) => void res.send('in'))
    const back = await signIn(sim, createAgent(proxy.url), { start: '/app/page' })
    await proxy.close()
    expect(back.headers.get('location')).toBe('/app/page')
  })

  it('only their own methods are answered, HEAD and OPTIONS never start or end anything', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options))
    const agent = await scene.login()
    const before = agent.cookies.all().length
    const answers: unknown[] = []
    for (const [method, path] of [
      ['HEAD', '/auth/login'],
      ['OPTIONS', '/auth/login'],
      ['POST', '/auth/login'],
      ['HEAD', '/auth/callback?code=a&state=b'],
      ['GET', '/auth/logout'],
      ['HEAD', '/auth/logout'],
      ['OPTIONS', '/auth/logout'],
      ['DELETE', '/auth/logout'],
    ] as const) {
      const response = await agent.request(method, path)
      answers.push([method, path.slice(0, 12), response.status, response.headers.get('allow'), await response.text()])
    }
    const forOpening = 'This address is for opening in a browser.\n'
    const forForms = 'This address takes a form posted by a page of this app.\n'
    expect(answers).toEqual([
      ['HEAD', '/auth/login', 405, 'GET', ''],
      ['OPTIONS', '/auth/login', 405, 'GET', forOpening],
      ['POST', '/auth/login', 405, 'GET', forOpening],
      ['HEAD', '/auth/callba', 405, 'GET', ''],
      ['GET', '/auth/logout', 405, 'POST', forForms],
      ['HEAD', '/auth/logout', 405, 'POST', ''],
      ['OPTIONS', '/auth/logout', 405, 'POST', forForms],
      ['DELETE', '/auth/logout', 405, 'POST', forForms],
    ])
    expect(agent.cookies.all()).toHaveLength(before)
  })

  it('a logout from another origin, and a login by a script, are refused', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options), asJson)
    const agent = await scene.login()
    const forged = await agent.post('/auth/logout', { from: 'http://evil.example/page' })
    expect([forged.status, await forged.json()]).toMatchObject([403, { error: 'request/cross-origin' }])
    const scripted = await agent.get('/auth/login', { headers: script })
    expect([scripted.status, await scripted.json()]).toMatchObject([401, { error: 'request/not-a-navigation' }])
  })

  it('answers are not for caches, and say so', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options))
    const away = await scene.browser().get('/auth/login')
    expect(away.headers.get('cache-control')).toBe('no-store')
    expect(away.headers.get('referrer-policy')).toBe('no-referrer')
  })
})

/** A reverse proxy that forwards what stands below a prefix, without it. */
async function stripPrefix(prefix: string, port: number): Promise<Listening> {
  return listen(
    createServer((req, res) => {
      if (!req.url?.startsWith(`${prefix}/`)) return void res.writeHead(404).end()
      const path = req.url.slice(prefix.length)
      const onward = request({ host: '127.0.0.1', port, method: req.method, path, headers: req.headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(res)
      })
      onward.once('error', () => res.destroy())
      return req.pipe(onward)
    }),
  )
}
