import { listen } from '@orgpass/testing'
import { expect, it, onTestFinished } from 'vitest'
import { RequestError } from '../../src/index.ts'
import type { Reply } from '../../src/index.ts'
import { nodeMiddleware } from '../../src/node.ts'

const refused = new RequestError('request/cross-origin', 'Not from here.')
const broken = new TypeError('broken')

async function answer(url: string | undefined): Promise<Reply | undefined> {
  if (url === '/refused') throw refused
  if (url === '/broken') throw broken
  if (url === '/away') return { status: 302, location: '/login', headers: { 'cache-control': 'no-store' } }
  return url === '/auth' ? { status: 401, headers: { 'www-authenticate': 'Salesforce' }, body: 'nobody' } : undefined
}

it('sends the reply there is, and hands everything else to what comes next', async () => {
  const handed: unknown[] = []
  const plain = nodeMiddleware((req) => answer(req.url))
  const shaping = nodeMiddleware((req) => answer(req.url), { errorAs: ({ code }) => new Error(code) })
  const app = await listen((req, res) => {
    const middleware = req.headers['x-shaped'] === undefined ? plain : shaping
    void middleware(req, res, (error) => {
      handed.push(error)
      res.end('next')
    })
  })
  onTestFinished(() => app.close())
  const ask = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(app.url + path, { headers, redirect: 'manual' })

  const nobody = await ask('/auth')
  expect([nobody.status, await nobody.text(), nobody.headers.get('www-authenticate')]).toEqual([
    401,
    'nobody',
    'Salesforce',
  ])
  const away = await ask('/away')
  expect([away.status, away.headers.get('location')]).toEqual([302, '/login'])
  expect(away.headers.get('cache-control')).toBe('no-store')
  expect(handed).toEqual([])

  for (const path of ['/page', '/refused', '/broken']) expect(await (await ask(path)).text()).toBe('next')
  for (const path of ['/refused', '/broken']) expect(await (await ask(path, { 'x-shaped': '1' })).text()).toBe('next')
  expect(handed).toHaveLength(5)
  expect([handed[0], handed[1] === refused, handed[2] === broken]).toEqual([undefined, true, true])
  expect(handed[3]).toEqual(new Error('request/cross-origin'))
  expect(handed[4]).toBe(broken)
})
