import type { IncomingMessage } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { createAgent, createClock, listen } from '../src/index.ts'
import type { Listening } from '../src/index.ts'

interface Seen {
  method: string | undefined
  url: string | undefined
  headers: IncomingMessage['headers']
  body: string
}

const open: Listening[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (server) => server.close()))
})

/** Answers `/to/<status>?<location>` with that redirect, `/set?<line>` with that cookie, all else with an echo. */
async function echo(): Promise<Listening> {
  const server = await listen(async (req, res) => {
    const [path = '', query = ''] = (req.url ?? '').split('?')
    const argument = decodeURIComponent(query)
    let body = ''
    for await (const chunk of req) body += String(chunk)
    if (path.startsWith('/to/')) res.writeHead(Number(path.slice(4)), { location: argument })
    if (path === '/set') res.setHeader('set-cookie', argument.split('|'))
    const seen: Seen = { method: req.method, url: req.url, headers: req.headers, body }
    res.end(JSON.stringify(seen))
  })
  open.push(server)
  return server
}

const seen = async (response: Response): Promise<Seen> => (await response.json()) as Seen
const to = (status: number, location: string): string => `/to/${status}?${encodeURIComponent(location)}`
const set = (...lines: string[]): string => `/set?${encodeURIComponent(lines.join('|'))}`

test('a page typed by hand looks like one', async () => {
  const { url, port } = await echo()
  const { method, headers } = await seen(await createAgent(url).get('/x?y=1'))
  expect(method).toBe('GET')
  expect(headers).toMatchObject({
    host: `localhost:${port}`,
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    'sec-fetch-site': 'none',
  })
  expect(headers.accept).toContain('text/html')
  expect(headers.origin).toBeUndefined()
})

test('a form sent from its own page carries an Origin', async () => {
  const { url } = await echo()
  const { method, headers, body } = await seen(await createAgent(url).post('/x', { form: { a: '1 2', b: 'ü' } }))
  expect([method, body]).toEqual(['POST', 'a=1+2&b=%C3%BC'])
  expect(headers).toMatchObject({
    origin: url,
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/x-www-form-urlencoded',
  })
})

test('JSON, raw bodies and other methods go out as given, and headers can be replaced or taken away', async () => {
  const { url } = await echo()
  const agent = createAgent(url)
  const json = await seen(await agent.request('patch', '/x', { json: { a: 1 } }))
  expect([json.method, json.body, json.headers['content-type']]).toEqual(['PATCH', '{"a":1}', 'application/json'])
  const headers = { Accept: 'application/json', 'sec-fetch-mode': undefined, Origin: 'null' }
  const raw = await seen(await agent.post('/x', { body: 'plain', headers }))
  expect(raw.body).toBe('plain')
  expect(raw.headers).toMatchObject({ accept: 'application/json', origin: 'null' })
  expect(raw.headers['sec-fetch-mode']).toBeUndefined()
})

test('cookies come back, are shown, and can be set and deleted by hand', async () => {
  const { url } = await echo()
  const agent = createAgent(url)
  await agent.get(set('a=1; HttpOnly', 'b=2; SameSite=Strict'))
  expect((await seen(await agent.get('/'))).headers.cookie).toBe('a=1; b=2')
  expect(agent.cookies.all()).toMatchObject([
    { name: 'a', httpOnly: true },
    { name: 'b', sameSite: 'strict' },
  ])
  agent.cookies.delete('a')
  expect(agent.cookies.set('c=3; Path=/deep')).toBe(true)
  expect(agent.cookies.set('__Host-d=4; Path=/')).toBe(false)
  expect((await seen(await agent.get('/'))).headers.cookie).toBe('b=2')
  expect(agent.cookies.get('c')).toBe('3')
  agent.cookies.clear()
  expect((await seen(await agent.get('/'))).headers.cookie).toBeUndefined()
})

test('two agents are two browsers, and cookies ignore ports', async () => {
  const [first, second] = [await echo(), await echo()]
  const [ada, bob] = [createAgent(first.url), createAgent(first.url)]
  await ada.get(set('a=1'))
  expect((await seen(await ada.get(`${second.url}/`))).headers.cookie).toBe('a=1')
  expect((await seen(await bob.get('/'))).headers.cookie).toBeUndefined()
})

test('cookies age by the given clock', async () => {
  const { url } = await echo()
  const clock = createClock()
  const agent = createAgent(url, { now: clock.now })
  await agent.get(set('a=1; Max-Age=60'))
  clock.advance(60_000)
  expect((await seen(await agent.get('/'))).headers.cookie).toBeUndefined()
})

test('no redirect is followed until asked, and its cookies count', async () => {
  const server = await listen((req, res) => {
    if (req.url === '/start') res.writeHead(302, { location: 'deep/end?x=1', 'set-cookie': 'a=1; Path=/' })
    res.end(`${req.url} ${req.headers.cookie}`)
  })
  open.push(server)
  const agent = createAgent(server.url)
  const start = await agent.get('/start')
  expect(start.status).toBe(302)
  const end = await agent.follow(start)
  expect(end.url).toBe(`${server.url}/deep/end?x=1`)
  expect(await end.text()).toBe('/deep/end?x=1 a=1')
  await expect(agent.follow(end)).rejects.toThrow('/deep/end answered 200')
  await expect(agent.follow(new Response(null, { status: 302 }))).rejects.toThrow('did not come from this agent')
})

test.for<[number, string, string, string]>([
  [301, 'POST', 'GET', ''],
  [302, 'POST', 'GET', ''],
  [303, 'POST', 'GET', ''],
  [303, 'PUT', 'GET', ''],
  [302, 'PUT', 'PUT', 'a=1'],
  [307, 'POST', 'POST', 'a=1'],
  [308, 'POST', 'POST', 'a=1'],
])('%i turns %s into %s', async ([status, method, expected, body]) => {
  const { url } = await echo()
  const agent = createAgent(url)
  const after = await seen(await agent.follow(await agent.request(method, to(status, '/end'), { form: { a: '1' } })))
  expect([after.method, after.body]).toEqual([expected, body])
})

test('SameSite depends on the page that started the navigation, also across redirects', async () => {
  const { url, port } = await echo()
  const elsewhere = `http://127.0.0.1:${port}`
  const agent = createAgent(url)
  await agent.get(set('strict=1; SameSite=Strict', 'lax=1', 'none=1; SameSite=None; Secure'))
  const cookies = async (response: Response): Promise<string | undefined> => (await seen(response)).headers.cookie
  expect(await cookies(await agent.get('/', { from: elsewhere }))).toBe('lax=1; none=1')
  expect(await cookies(await agent.post('/', { from: elsewhere }))).toBe('none=1')
  expect(await cookies(await agent.follow(await agent.post(`${elsewhere}${to(303, url)}`)))).toBe('lax=1; none=1')
  expect(await cookies(await agent.follow(await agent.get(`${elsewhere}${to(302, url)}`)))).toBe(
    'strict=1; lax=1; none=1',
  )
})

test('Sec-Fetch-Site and Origin tell of the whole redirect chain', async () => {
  const [app, login] = [await echo(), await echo()]
  const elsewhere = `http://127.0.0.1:${login.port}`
  const agent = createAgent(app.url)
  const site = async (path: string): Promise<unknown> =>
    (await seen(await agent.follow(await agent.post(path)))).headers['sec-fetch-site']
  expect(await site(to(303, '/'))).toBe('same-origin')
  expect(await site(to(303, login.url))).toBe('same-site')
  expect(await site(to(303, elsewhere))).toBe('cross-site')
  const once = await agent.post(to(307, `${elsewhere}${to(307, app.url)}`))
  const twice = await agent.follow(once)
  expect((await seen(await agent.follow(twice))).headers).toMatchObject({
    origin: 'null',
    'sec-fetch-site': 'cross-site',
  })
})

test('a redirect within the foreign origin keeps the Origin of the page that sent the form', async () => {
  const [app, login] = [await echo(), await echo()]
  const agent = createAgent(app.url)
  const abroad = await agent.follow(await agent.post(to(307, `${login.url}${to(307, '/end')}`)))
  expect((await seen(await agent.follow(abroad))).headers.origin).toBe(app.url)
})

test('an https origin is reached through its proxy', async () => {
  const { url } = await echo()
  const via = { 'https://app.example.com': url, 'http://app.example.com': url }
  const agent = createAgent('https://app.example.com', { via })
  await agent.get(set('__Host-a=1; Path=/; Secure; HttpOnly'))
  const secure = await seen(await agent.get('/'))
  expect(secure.headers).toMatchObject({
    host: 'app.example.com',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'app.example.com',
    cookie: '__Host-a=1',
  })
  expect((await seen(await agent.get('http://app.example.com/'))).headers.cookie).toBeUndefined()
})

test('nothing leaves this machine', async () => {
  await expect(createAgent('http://example.com').get('/')).rejects.toThrow('http://example.com is not plain http')
  await expect(createAgent('https://localhost').get('/')).rejects.toThrow('option via')
})

test('empty answers, streamed answers and broken connections behave', async () => {
  const server = await listen((req, res) => {
    if (req.url === '/204') return void res.writeHead(204).end()
    if (req.url === '/cut') return void res.destroy()
    res.write('first ')
    setTimeout(() => res.end('second'), 20)
  })
  open.push(server)
  const agent = createAgent(server.url.replace('localhost', 'app.localhost'))
  expect((await agent.get('/204')).status).toBe(204)
  expect(await (await agent.get('/stream')).text()).toBe('first second')
  expect((await agent.request('HEAD', '/stream')).body).toBeNull()
  await expect(agent.get('/cut')).rejects.toThrow('socket hang up')
})

test('an answer that its server cuts off fails where it is read, and only there', async () => {
  const server = await listen((_, res) => res.write('the beginning'))
  const response = await createAgent(server.url).get('/')
  await server.close()
  await expect(response.text()).rejects.toThrow('aborted')
})
