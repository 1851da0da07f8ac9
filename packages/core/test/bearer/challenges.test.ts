import { once } from 'node:events'
import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Simulator } from '@orgpass/simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  allOf,
  anyOf,
  requiresAuth,
  requiresBearer,
  requiresHandshakeOrigin,
  requiresProfile,
  requiresSameOrigin,
  requiresScope,
} from '../../src/index.ts'
import type { RequestAuth } from '../../src/index.ts'
import { openStage, verdict } from '../guards/stage.ts'
import type { Stage } from '../guards/stage.ts'
import { takesCaller, tokenOf, withToken } from './tokens.ts'

const METADATA = '/.well-known/oauth-protected-resource'
const told: unknown[] = []
const tell = async (auth: RequestAuth): Promise<undefined> => {
  const fetched = await auth.fetch('/services/data').catch((error: unknown) => (error as { code: string }).code)
  told.push({ session: await auth.session(), fetched, kind: (await auth.caller())?.kind })
}
const guards = {
  '/': requiresBearer(),
  '/twice': allOf(requiresBearer(), requiresAuth(), requiresBearer()),
  '/told': allOf(requiresBearer(), tell),
  '/session-first': anyOf(requiresAuth(), requiresBearer()),
  '/bearer-first': anyOf(requiresBearer(), requiresAuth()),
  '/session': requiresAuth(),
  '/session-and-bearer': allOf(requiresAuth(), requiresBearer()),
  '/org-and-bearer': allOf(anyOf(requiresScope('api'), requiresBearer()), requiresBearer()),
  '/half-a-session': anyOf(allOf(requiresAuth(), requiresProfile('Nobody')), requiresBearer()),
  '/either': anyOf(allOf(requiresAuth(), requiresSameOrigin()), requiresBearer()),
  '/socket': requiresHandshakeOrigin(),
  '/bearer-socket': allOf(requiresBearer(), requiresHandshakeOrigin()),
}

let stage: Stage
beforeEach(async () => {
  told.length = 0
  stage = await openStage(guards, { options: takesCaller })
})
afterEach(() => stage[Symbol.asyncDispose]())

const plain = (): string => `Bearer realm="salesforce", resource_metadata="${stage.url}${METADATA}"`
const complaint = (error: string): string => plain().replace(', resource', `, error="${error}", resource`)

describe('a request is challenged', () => {
  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['a scheme that is not taken', 'Basic dXNlcjpwYXNzd29yZA=='],
  ])('with %s: 401 without a code, a page included', async (_, authorization) => {
    const response = await stage.browser().get('/', { headers: { authorization } })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe(plain())
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await response.json()).toMatchObject({ error: 'request/bearer-missing', hint: expect.any(String) })
  })

  it('with a DPoP scheme: 401 without a code, and says why', async () => {
    const response = await stage.browser().get('/', { headers: { authorization: 'DPoP eyJhbGciOi.J9.x' } })
    expect(response.headers.get('www-authenticate')).toBe(plain())
    expect(await verdict(response)).toBe('401 token/access-token-bound')
  })

  it.each([
    ['no token', '/', 'Bearer'],
    ['two tokens', '/', 'Bearer one two'],
    ['two headers in one', '/', 'Bearer one, Bearer two'],
    ['a token in the address', '/?access_token=one', undefined],
    ['a token in header and address', '/?x=1&access_token=one', 'Bearer two'],
    ['a token that is too long', '/', `Bearer ${'x'.repeat(9_000)}`],
  ])('with %s: 400 invalid_request', async (_, path, authorization) => {
    const response = await stage.browser().get(path, { headers: { authorization } })
    expect(response.headers.get('www-authenticate')).toBe(complaint('invalid_request'))
    expect(await verdict(response)).toBe('400 request/bearer-malformed')
  })

  it('with a token that is none: 401 invalid_token', async () => {
    const response = await stage.browser().get('/', withToken('garbage'))
    expect(response.headers.get('www-authenticate')).toBe(complaint('invalid_token'))
    expect(await verdict(response)).toBe('401 token/access-token-invalid')
  })

  it('without the address of a document that the app does not serve', async () => {
    const routes = { resourceMetadata: false } as const
    await using bare = await openStage(guards, { options: (sim) => ({ ...takesCaller(sim), routes }) })
    const response = await bare.browser().get('/')
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="salesforce"')
    expect((await bare.browser().get(METADATA)).status).toBe(404)
  })
})

describe('session and token never mix', () => {
  it('a session does not pass where a token is required, and stays as it is', async () => {
    const browser = await stage.login()
    const response = await browser.get('/')
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await verdict(response)).toBe('401 request/bearer-missing')
    expect(await verdict(await browser.get('/', withToken('garbage')))).toBe('401 token/access-token-invalid')
    expect(await verdict(await browser.get('/session'))).toBe('200')
  })

  it('with both, the token is judged, and there is no session to speak of', async () => {
    const browser = await stage.login()
    const token = await tokenOf(stage.sim, { username: 'ivy@globex.example' })
    const response = await browser.get('/told', withToken(token))
    const { userId } = (await response.json()) as { userId: string }
    expect(userId).not.toBe(JSON.parse(await (await browser.get('/session')).text()))
    expect(told).toEqual([{ session: undefined, fetched: 'session/missing', kind: 'bearer' }])
  })

  it('a token does not pass where a login is required', async () => {
    const headers = {
      ...withToken(await tokenOf(stage.sim)).headers,
      'sec-fetch-mode': 'cors',
      'sec-fetch-dest': 'empty',
    }
    expect(await verdict(await stage.browser().get('/session', { headers }))).toBe('401 session/missing')
  })

  it('where either will do, a refused token is not made good by a session', async () => {
    const [browser, token] = [await stage.login(), await tokenOf(stage.sim)]
    for (const path of ['/session-first', '/bearer-first']) {
      expect([path, (await stage.browser().get(path, withToken(token))).status]).toEqual([path, 200])
    }
    expect((await browser.get('/session-first')).status).toBe(200)
    expect(await verdict(await browser.get('/bearer-first', withToken('garbage')))).toBe(
      '401 token/access-token-invalid',
    )
  })

  it('no token takes the place of a session that has passed', async () => {
    const [browser, token] = [await stage.login(), await tokenOf(stage.sim, { username: 'ivy@globex.example' })]
    for (const path of ['/session-and-bearer', '/org-and-bearer']) {
      const answer = await verdict(await browser.get(path, withToken(token)))
      expect([path, answer]).toEqual([path, '401 request/bearer-missing'])
    }
    expect(await verdict(await browser.get('/half-a-session', withToken(token)))).toBe('200')
    expect(await verdict(await stage.browser().get('/org-and-bearer', withToken(token)))).toBe('200')
  })

  it('two Authorization headers are refused, although Node shows only the first', async () => {
    const header = `Bearer ${await tokenOf(stage.sim)}`
    const headers = ['host', new URL(stage.url).host, 'authorization', header, 'Authorization', header]
    const [response] = (await once(get(stage.url, { headers }), 'response')) as [IncomingMessage]
    response.resume()
    expect(response.statusCode).toBe(400)
  })

  it('where either will do, only a session has to come from a page of this app', async () => {
    const [browser, token] = [await stage.login(), await tokenOf(stage.sim)]
    const [own, foreign] = [{ origin: stage.url }, { origin: 'https://evil.example' }]
    expect(await verdict(await browser.get('/either', { headers: own }))).toBe('200')
    expect(await verdict(await browser.get('/either', { headers: foreign }))).toBe('403 request/cross-origin')
    expect(await verdict(await stage.browser().get('/either', withToken(token)))).toBe('200')
  })

  it('a token is judged once, however many guards ask', async () => {
    const token = await tokenOf(stage.sim)
    expect((await stage.browser().get('/twice', withToken(token))).status).toBe(200)
  })
})

it('without the option, the guard is a fault of configuration and never lets pass', async () => {
  await using bare = await openStage(guards)
  const browser = await bare.login()
  for (const path of ['/', '/bearer-first']) {
    const response = await browser.get(path, withToken('x.y.z'))
    expect(response.status).toBe(500)
    expect(await response.json()).toMatchObject({ error: 'config/invalid', hint: expect.stringContaining('issuers') })
  }
})

describe('a WebSocket handshake', () => {
  it.each([
    ['with our own origin', (url: string) => url, '200'],
    ['without an origin', () => undefined, '403 request/cross-origin'],
    ['with another origin', () => 'https://evil.example', '403 request/cross-origin'],
    ['of a sandboxed frame', () => 'null', '403 request/cross-origin'],
    ['with our origin and more', (url: string) => `${url}.evil.example`, '403 request/cross-origin'],
  ])('%s: %s', async (_, origin, expected) => {
    const headers = { origin: origin(stage.url), 'sec-fetch-site': 'same-origin' }
    expect(await verdict(await stage.browser().get('/socket', { headers }))).toBe(expected)
  })

  it('with a bearer token needs none', async () => {
    const token = await tokenOf(stage.sim)
    expect(await verdict(await stage.browser().get('/bearer-socket', withToken(token)))).toBe('200')
    expect(await verdict(await stage.browser().get('/socket', withToken(token)))).toBe('403 request/cross-origin')
  })
})

describe('a message that came over no HTTP', () => {
  it('passes by the token of its metadata only', async () => {
    const { createSalesforceAuth } = await import('../../src/index.ts')
    const options = (sim: Simulator) => ({
      ...takesCaller(sim),
      clientId: sim.app('Portal').clientId,
      clientSecret: sim.app('Portal').clientSecret,
      loginUrl: sim.org('Globex').url,
      baseUrl: 'http://localhost:3000',
      now: () => sim.clock.now(),
      logger: () => undefined,
    })
    const kit = createSalesforceAuth(options(stage.sim), {})
    const guard = allOf(requiresBearer(), requiresProfile('Sales Rep'))
    const judged = (authorization?: string) => guard(kit.openMessage(authorization))
    expect(await judged(`Bearer ${await tokenOf(stage.sim)}`)).toBeUndefined()
    expect(await judged()).toMatchObject({ status: 401 })
    expect(await judged('Bearer garbage')).toMatchObject({ status: 401 })
    expect(await judged(`Bearer ${await tokenOf(stage.sim, { username: 'ivy@globex.example' })}`)).toMatchObject({
      status: 403,
    })
    expect(await requiresAuth()(kit.openMessage('Bearer x'))).toMatchObject({ status: 401 })
  })
})
