import { memoryStore } from '@orgpass/core'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { createClock, eventually } from '@orgpass/testing'
import type { Response } from 'express'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { requiresAuth, salesforceAuth } from '../src/index.ts'
import { asJson, hosts, LIMITS, page, stage } from './stage.ts'

const HOUR = 3_600_000
let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
afterEach(() => sim.reset())
afterAll(() => sim.close())

describe.each(hosts)('$name: errors', ({ express }) => {
  it('are answered by a handler of three lines with status, code and hint', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options))
    scene.app.get(
      '/call',
      page(async (req, res) => res.json(await req.salesforce.accessToken())),
    )
    scene.app.use(asJson)
    const agent = scene.browser()
    const answers = [
      await agent.get('/call'),
      await agent.get('/auth/callback'),
      await agent.get('/auth/callback?code=a&state=b'),
    ]
    expect(await Promise.all(answers.map(async (answer) => [answer.status, await answer.json()]))).toMatchObject([
      [401, { error: 'session/missing', hint: expect.any(String), needsLogin: true }],
      [400, { error: 'callback/opened-directly', hint: expect.any(String) }],
      [400, { error: 'callback/transaction-missing', hint: expect.any(String) }],
    ])
  })

  it('are answered by Express itself with their status when the app maps nothing', async () => {
    await using scene = await stage(express, sim)
    const printed = vi.spyOn(console, 'error').mockReturnValue()
    scene.app.set('env', 'production')
    scene.app.use(salesforceAuth(scene.options))
    scene.app.get(
      '/call',
      page(async (req, res) => res.json(await req.salesforce.accessToken())),
    )
    const agent = scene.browser()
    expect((await agent.get('/call')).status).toBe(401)
    expect((await agent.get('/auth/callback')).status).toBe(400)
    const denied = await agent.get('/auth/login')
    const callback = await sim.signIn(denied.headers.get('location') ?? '', { deny: true })
    const answer = await agent.get(callback.href)
    expect([answer.status, await answer.text()]).toEqual([403, expect.not.stringMatching(/node_modules|\.ts:/)])
    printed.mockRestore()
  })

  it('of a dead grant end the session: 401 first, nobody logged in afterwards', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options))
    scene.app.get(
      '/call',
      page(async (req, res) => res.json(await (await req.salesforce.fetch(LIMITS)).json())),
    )
    scene.app.use(asJson)
    const agent = await scene.login()
    sim.updateUser('ada@acme.example', { active: false })
    expect(await (await agent.get('/call')).json()).toMatchObject({ error: 'token/grant-ended', needsLogin: true })
    expect(await (await agent.get('/call')).json()).toMatchObject({ error: 'session/missing' })
    expect(agent.cookies.all()).toEqual([])
  })

  it('of Salesforce log nobody out', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options))
    scene.app.get(
      '/call',
      page(async (req, res) => res.json(await (await req.salesforce.fetch(LIMITS)).json())),
    )
    scene.app.use(asJson)
    const agent = await scene.login()
    sim.expireAccessTokens()
    sim.faults.next('token:refresh_token', { status: 503, body: 'html' })
    const down = await agent.get('/call')
    expect([down.status, await down.json()]).toMatchObject([502, { error: 'net/server-error', retryable: true }])
    expect((await agent.get('/call')).status).toBe(200)
  })

  it('thrown by a handler do not cost the browser its renewed cookie', async () => {
    await using scene = await stage(express, sim)
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    scene.app.use(salesforceAuth(scene.options))
    scene.app.get(
      '/:end',
      page(async (req, res) => {
        res.type('text/plain').set('x-own', 'kept until the error')
        await req.salesforce.fetch(LIMITS)
        if (req.params['end'] === 'throw') throw new Error('the handler failed after the renewal')
        res.end()
      }),
    )
    const agent = await scene.login()
    const before = agent.cookies.get('salesforce.sid')
    sim.expireAccessTokens()
    const failed = await agent.get('/throw')
    expect(failed.status).toBe(500)
    expect(failed.headers.getSetCookie().join()).toContain('salesforce.sid=')
    expect(failed.headers.get('cache-control')).toBe('no-store')
    expect(agent.cookies.get('salesforce.sid')).not.toBe(before)
    expect((await agent.get('/return')).status).toBe(200)
    expect(refreshes()).toBe(1)
  })
})

describe.each(hosts)('$name: responses', ({ express }) => {
  it('carry the cookies of the app beside those of a renewal, wherever each was set', async () => {
    await using scene = await stage(express, sim)
    scene.app.use((_req, res, next) => {
      res.cookie('first', '1').append('set-cookie', 'salesforce.side=not-ours; Path=/')
      next()
    })
    scene.app.use(salesforceAuth(scene.options))
    scene.app.get(
      '/call',
      page(async (req, res) => {
        await Promise.all([req.salesforce.fetch(LIMITS), req.salesforce.fetch(LIMITS)])
        await req.salesforce.saveData({ theme: 'dark' })
        res.cookie('last', '2').end()
      }),
    )
    const agent = await scene.login()
    sim.expireAccessTokens()
    const lines = (await agent.get('/call')).headers.getSetCookie()
    expect(lines.map((line) => line.slice(0, line.indexOf('='))).toSorted()).toEqual([
      'first',
      'last',
      'salesforce.sid',
      'salesforce.side',
    ])
    expect(lines.find((line) => line.startsWith('salesforce.sid='))).toMatch(
      /; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/,
    )
  })

  it.each<[how: string, own: string[], answer: (res: Response) => unknown]>([
    ['adds lines', ['own', 'two'], (res) => res.append('set-cookie', ['own=1', 'two=2'])],
    ['sets the header', ['own', 'two'], (res) => res.setHeader('set-cookie', ['own=1', 'two=2'])],
    ['removes the header', [], (res) => res.cookie('own', '1').removeHeader('set-cookie')],
    ['writes the head', ['own'], (res) => res.writeHead(200, { 'Set-Cookie': 'own=1', 'Cache-Control': 'public' })],
    ['writes a head of lists', ['own', 'two'], (res) => res.writeHead(200, { 'set-cookie': ['own=1', 'two=2'] })],
    ['writes the head with a reason', ['own'], (res) => res.writeHead(200, 'Fine', { 'set-cookie': 'own=1' })],
    ['writes a flat head', ['own', 'two'], (res) => res.writeHead(200, ['set-cookie', 'own=1', 'Set-Cookie', 'two=2'])],
    [
      'writes a head of pairs',
      ['own'],
      (res) =>
        res.writeHead(200, [
          ['set-cookie', 'own=1'],
          ['x-a', '1'],
        ]),
    ],
    ['writes only a status', ['own'], (res) => res.cookie('own', '1').writeHead(200)],
    ['streams', ['own'], (res) => res.cookie('own', '1').write('do')],
    ['flushes early', ['own'], (res) => res.cookie('own', '1').flushHeaders()],
  ])('carry a renewed session even when the app %s, and never to a cache', async (_, own, answer) => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options))
    scene.app.get(
      '/call',
      page(async (req, res) => {
        await req.salesforce.fetch(LIMITS)
        res.set('cache-control', 'public, max-age=600')
        answer(res)
        if (!res.writableEnded) res.end()
      }),
    )
    const agent = await scene.login()
    sim.expireAccessTokens()
    const { headers, status } = await agent.get('/call')
    const names = headers.getSetCookie().map((line) => line.slice(0, line.indexOf('=')))
    expect([status, ...names]).toEqual([200, ...own, 'salesforce.sid'])
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('to anonymous visitors and unrenewed sessions carry no cookie and may be cached', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options))
    scene.app.get(
      '/page',
      page(async (req, res) => res.json((await req.salesforce.session()) ?? null)),
    )
    for (const agent of [scene.browser(), await scene.login()]) {
      const { headers } = await agent.get('/page')
      expect([headers.getSetCookie(), headers.get('cache-control')]).toEqual([[], null])
    }
  })

  it('that stream can use a token that lives', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options))
    scene.app.get(
      '/stream',
      requiresAuth(),
      page(async (req, res) => {
        res.write('begin ')
        const { status } = await req.salesforce.fetch(LIMITS)
        res.end(`${status} end`)
      }),
    )
    const agent = await scene.login()
    expect(await (await agent.get('/stream')).text()).toBe('begin 200 end')
  })

  it('that have started get a typed error in place of a renewal; nothing is spent and the process lives', async () => {
    const clock = createClock()
    await using scene = await stage(express, sim)
    const caught: unknown[] = []
    scene.app.use(salesforceAuth({ ...scene.options, now: clock.now, tokenExpiry: { sessionTimeout: HOUR } }))
    scene.app.get(
      '/:use',
      page(async (req, res) => {
        res.write('begin ')
        try {
          await (req.params['use'] === 'token' ? req.salesforce.accessToken() : req.salesforce.fetch(LIMITS))
        } catch (error) {
          caught.push(error)
          throw error
        }
        res.end()
      }),
    )
    const agent = await scene.login()
    clock.advance(2 * HOUR)
    sim.expireAccessTokens()
    for (const path of ['/token', '/fetch']) {
      const response = await agent.get(path)
      expect(response.status).toBe(200)
      await expect(response.text()).rejects.toThrow()
    }
    expect(caught).toMatchObject([{ code: 'session/response-started' }, { code: 'session/response-started' }])
    expect(refreshes()).toBe(0)
    expect((await agent.get('/auth/login')).status).toBe(302)
  })

  it('that have started get the renewed token all the same when sessions live in a store', async () => {
    await using scene = await stage(express, sim)
    const session = { ...scene.options.session, store: memoryStore() }
    scene.app.use(salesforceAuth({ ...scene.options, session }))
    scene.app.get(
      '/stream',
      page(async (req, res) => {
        res.write('begin ')
        res.end(String((await req.salesforce.fetch(LIMITS)).status))
      }),
    )
    const agent = await scene.login()
    sim.expireAccessTokens()
    expect(await (await agent.get('/stream')).text()).toBe('begin 200')
    expect(await (await agent.get('/stream')).text()).toBe('begin 200')
    expect(refreshes()).toBe(1)
  })

  it('that will start later get the renewed token', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options))
    scene.app.get(
      '/stream',
      page(async (req, res) => {
        await req.salesforce.fetch(LIMITS)
        res.write('begin ')
        res.end(String((await req.salesforce.fetch(LIMITS)).status))
      }),
    )
    const agent = await scene.login()
    sim.expireAccessTokens()
    expect(await (await agent.get('/stream')).text()).toBe('begin 200')
    expect(refreshes()).toBe(1)
  })

  it('that nobody waits for any more lose no token: the old cookie works in the next request', async () => {
    await using scene = await stage(express, sim)
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const handled: string[] = []
    scene.app.use(salesforceAuth(scene.options))
    scene.app.get(
      '/call',
      page(async (req, res) => {
        res.once('close', () => void handled.push('closed'))
        handled.push(String((await req.salesforce.fetch(LIMITS)).status))
        res.end('done')
      }),
    )
    const agent = await scene.login()
    const cookie = agent.cookies
      .all()
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
    sim.expireAccessTokens()
    sim.faults.next('token:refresh_token', { latency: 400 })
    const gone = new AbortController()
    const request = fetch(`${scene.url}/call`, { headers: { cookie }, signal: gone.signal })
    await eventually(() => sim.requests.at(-1)?.path === LIMITS && sim.requests.at(-1)?.status === 401)
    gone.abort()
    await expect(request).rejects.toThrow()
    await eventually(() => handled.length === 2)
    expect(handled).toEqual(['closed', '200'])
    const next = await agent.get('/call')
    expect([next.status, await next.text()]).toEqual([200, 'done'])
    expect(refreshes()).toBe(1)
    expect(sim.approvals('ada@acme.example')).toHaveLength(1)
  })
})

function refreshes(): number {
  return sim.requests.filter(({ grantType }) => grantType === 'refresh_token').length
}
