import { inspect } from 'node:util'
import { startSimulator } from '@orgpass/simulator'
import { expect, it } from 'vitest'
import { createSalesforceAuth } from '../../src/index.ts'
import { webExchange, webReply, withCookies } from '../../src/web.ts'
import { SECRET } from '../session/harness.ts'
import { hostileFetch } from './hostile.ts'
import type { Answer } from './hostile.ts'

const BASE = 'http://localhost:3000'

it('no error, event or object shows a token, code, verifier, secret or cookie, inspected or as JSON', async () => {
  await using stack = new AsyncDisposableStack()
  const sim = await startSimulator()
  stack.defer(() => sim.close())
  const hostile = hostileFetch()
  const shown: unknown[] = []
  let refuse = false
  const { clientId, clientSecret } = sim.app()
  const kit = createSalesforceAuth(
    {
      clientId,
      clientSecret,
      loginUrl: sim.org().url,
      baseUrl: BASE,
      session: { secret: SECRET },
      fetch: hostile.fetch,
      logger: (event) => shown.push(event),
      onRefreshError: (event) => void shown.push(event),
      onRefresh: (event) => void shown.push(event),
      onLogout: (event) => void shown.push(event),
      onLogin: () => {
        if (refuse) throw new Error('not you')
      },
    },
    {},
  )
  const secrets = new Set([clientSecret, SECRET])
  const cookies = new Map<string, string>()
  hostile.answer((answer) => remember(answer))

  function remember(answer: Answer): Answer {
    for (const name of ['access_token', 'refresh_token', 'id_token', 'signature']) {
      if (typeof answer[name] === 'string') secrets.add(answer[name])
    }
    return answer
  }

  async function visit(
    path: string,
    use?: (auth: ReturnType<typeof kit.open>['auth']) => Promise<unknown>,
  ): Promise<Response | undefined> {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const exchange = webExchange(new Request(new URL(path, BASE), { headers: { cookie, accept: 'text/html' } }))
    const { auth, handle } = kit.open(exchange)
    shown.push(auth, kit)
    try {
      const reply = await handle()
      if (use !== undefined) shown.push(await use(auth))
      const response = withCookies(webReply(reply ?? { status: 200 }), exchange)
      for (const line of response.headers.getSetCookie()) {
        const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
        cookies.set(name, value)
        if (value !== '') secrets.add(value)
      }
      return response
    } catch (error) {
      shown.push(error)
      return undefined
    }
  }

  async function logIn(): Promise<Response | undefined> {
    const start = await visit('/auth/login')
    const callback = await sim.signIn(start?.headers.get('location') ?? '')
    secrets.add(callback.searchParams.get('code') ?? '')
    return visit(callback.href)
  }

  refuse = true
  expect(await logIn()).toBeUndefined()
  refuse = false
  hostile.answer((answer) => ({ ...remember(answer), id_token: `${String(answer['id_token'])}x` }))
  expect(await logIn()).toBeUndefined()
  hostile.answer((answer) => ({
    ...remember(answer),
    instance_url: `https://evil.example/${String(answer['access_token'])}`,
  }))
  expect(await logIn()).toBeUndefined()
  hostile.answer((answer) => remember(answer)['access_token'])
  expect(await logIn()).toBeUndefined()
  hostile.answer(remember)
  expect((await logIn())?.status).toBe(303)
  await visit('/', (auth) => auth.session())
  for (const fault of [
    { malformed: true },
    { status: 503, body: 'html' },
    { drop: 'after' },
    { error: 'invalid_grant', description: 'expired access/refresh token' },
  ] as const) {
    sim.expireAccessTokens()
    sim.faults.next('token:refresh_token', fault, 5)
    await visit('/', async (auth) => (await auth.fetch('/services/data/v64.0/limits')).status)
    sim.faults.clear()
  }
  await visit('/', (auth) => auth.fetch('https://evil.example'))

  const texts = shown.flatMap((value) => [inspect(value, { depth: 12, showHidden: true }), JSON.stringify(value)])
  expect(shown.filter((value) => value instanceof Error).length).toBeGreaterThan(6)
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(20)
    expect(texts.filter((text) => text?.includes(secret)).map((text) => text.slice(0, 200))).toEqual([])
  }
})
