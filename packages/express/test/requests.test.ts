import { connect } from 'node:net'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import express5 from 'express'
import type { RequestHandler } from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requiresAuth, salesforceAuth } from '../src/index.ts'
import { asJson, hosts, stage } from './stage.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator()
})
afterAll(() => sim.close())

describe.each(hosts)('$name: request bodies', ({ express }) => {
  const parsers: [name: string, parsers: RequestHandler[]][] = [
    ['nothing', []],
    ['express.urlencoded({ extended: false })', [express.urlencoded({ extended: false })]],
    ['express.urlencoded({ extended: true })', [express.urlencoded({ extended: true })]],
    ['express.json()', [express.json()]],
    ['express.json() and express.urlencoded()', [express.json(), express.urlencoded({ extended: true })]],
    ['express.text()', [express.text({ type: '*/*' })]],
    ['express.raw()', [express.raw({ type: '*/*' })]],
  ]

  it.each(parsers)('a form reaches the logout route after %s', async (_, before) => {
    await using scene = await stage(express, sim)
    scene.app.use([passOn, ...before], salesforceAuth(scene.options), asJson)
    const agent = await scene.login()
    const bye = await agent.post('/auth/logout', { form: { returnTo: '/bye?a=1&b=ü' } })
    expect([bye.status, bye.headers.get('location')]).toEqual([303, '/bye?a=1&b=%C3%BC'])
  })

  it.each(parsers)('the app still reads its own body when %s stands behind', async (_, after) => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options), express.urlencoded({ extended: false }), ...after)
    scene.app.post('/echo', requiresAuth(), (req, res) => void res.json(req.body))
    const agent = await scene.login()
    expect(await (await agent.post('/echo', { form: { a: '1' } })).json()).toEqual({ a: '1' })
  })

  it('a body that somebody has swallowed is told as such', async () => {
    await using scene = await stage(express, sim)
    const swallow: RequestHandler = (req, _res, next) => void req.resume().once('end', () => next())
    scene.app.use(swallow, salesforceAuth(scene.options), asJson)
    const agent = await scene.login()
    const response = await agent.post('/auth/logout', { form: { returnTo: '/bye' } })
    expect([response.status, await response.json()]).toMatchObject([400, { error: 'request/body-unreadable' }])
  })

  it('a body that never was may be swallowed', async () => {
    await using scene = await stage(express, sim)
    const swallow: RequestHandler = (req, _res, next) => void req.resume().once('end', () => next())
    scene.app.use(swallow, salesforceAuth(scene.options), asJson)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await (await scene.login()).post('/auth/logout', { headers })).status).toBe(303)
  })

  it('a form beyond 64 KiB is refused', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options), asJson)
    const agent = await scene.login()
    const response = await agent.post('/auth/logout', { form: { returnTo: `/${'x'.repeat(65 * 1024)}` } })
    expect([response.status, await response.json()]).toMatchObject([413, { error: 'request/body-too-large' }])
  })

  it.each([{}, { json: { returnTo: '/json' } }, { form: { returnTo: '//evil.example' } }, { form: { other: '1' } }])(
    'a logout with %j goes home',
    async (init) => {
      await using scene = await stage(express, sim)
      scene.app.use(salesforceAuth(scene.options), asJson)
      const bye = await (await scene.login()).post('/auth/logout', init)
      expect([bye.status, bye.headers.get('location')]).toEqual([303, '/'])
    },
  )
})

describe.each(hosts)('$name: hostile request targets', ({ express }) => {
  const targets = [
    'GET //',
    'GET //evil.example',
    'GET //evil.example/auth/login',
    'GET /%00',
    'GET /%2e%2e//evil.example',
    'GET /%zz',
    'GET /\\evil.example',
    'GET /auth/login/',
    'GET /auth//login',
    'GET /auth/login%00',
    'GET /auth/callback?state=%00&code=%',
    'GET /auth/callback?state[a]=1&state=2&code=3&code=4',
    'GET /auth/callback#fragment?code=1',
    'GET ?',
    'GET *',
    'OPTIONS *',
    'GET http://evil.example/auth/login',
    'GET http://evil.example/',
    'TRACE /',
    'TRACE /auth/login',
    'PROPFIND /auth/login',
    'QUERY /auth/logout',
  ]

  it.each(targets)('%s leads nobody astray and kills nothing', async (target) => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options), requiresAuth(), asJson)
    const { status, headers, body } = await sendRaw(scene.port, target)
    expect(status).toBeGreaterThanOrEqual(200)
    expect(status).toBeLessThan(500)
    const away = `${sim.org().url} with ${scene.url}/auth/callback`
    expect(destination(headers)).toBeOneOf([undefined, away])
    expect(headers + body).not.toContain('cookie: planted')
    expect(destination((await sendRaw(scene.port, 'GET /')).headers)).toBe(away)
  })

  it.each(['//evil.example/page', '/%2f/evil.example', '/.//evil.example', 'http://evil.example/page'])(
    'a guard at %s leads back into the app after the login',
    async (target) => {
      await using scene = await stage(express, sim)
      scene.app.use(salesforceAuth(scene.options), requiresAuth())
      const { headers } = await sendRaw(scene.port, `GET ${target}`)
      const agent = scene.browser()
      for (const [, line = ''] of headers.matchAll(/^set-cookie: (.*)$/gim)) agent.cookies.set(line)
      const callback = await sim.signIn(/^location: (.*)$/im.exec(headers)?.[1] ?? '')
      const back = await agent.get(callback.href)
      expect(back.status).toBe(303)
      const location = new URL(back.headers.get('location') ?? '', scene.url)
      expect(location.origin).toBe(scene.url)
    },
  )

  it('a Host header of somebody else changes no redirect', async () => {
    await using scene = await stage(express, sim)
    scene.app.use(salesforceAuth(scene.options))
    const { headers } = await sendRaw(scene.port, 'GET /auth/login', 'evil.example')
    expect(/redirect_uri=([^&]*)/.exec(headers)?.[1]).toBe(encodeURIComponent(`${scene.url}/auth/callback`))
  })
})

it('Express 5 hands a rejected handler on by itself', async () => {
  await using scene = await stage(express5, sim)
  scene.app.use(salesforceAuth(scene.options))
  scene.app.get('/call', async (req, res) => {
    res.json(await req.salesforce.accessToken())
  })
  scene.app.use(asJson)
  expect(await (await scene.browser().get('/call')).json()).toMatchObject({ error: 'session/missing' })
})

const passOn: RequestHandler = (_req, _res, next) => next()

/** Where a redirect goes, and with which callback. */
function destination(headers: string): string | undefined {
  const location = /^location: (.*)$/im.exec(headers)?.[1]
  if (location === undefined) return undefined
  const { origin, searchParams } = new URL(location)
  return `${origin} with ${searchParams.get('redirect_uri')}`
}

/** One request by hand, as a person's browser would ask for a page, and all that comes back. */
async function sendRaw(
  port: number,
  target: string,
  host = `localhost:${port}`,
): Promise<{ status: number; headers: string; body: string }> {
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let received = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => void (received += chunk))
    socket.once('error', reject).once('close', () => resolve(received))
    const lines = [`${target} HTTP/1.1`, `Host: ${host}`, 'Accept: text/html', 'Cookie: planted=1', 'Connection: close']
    socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  })
  const [headers = '', ...body] = text.split('\r\n\r\n')
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(headers)?.[1] ?? 0), headers, body: body.join('\r\n\r\n') }
}
