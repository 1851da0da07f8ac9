import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError, isSalesforceAuthError, oauthUsage, RequestError, RestError } from '../../src/index.ts'
import type { OAuthUsage } from '../../src/index.ts'
import { connect } from './connected.ts'
import { failureOf } from './refusals.ts'
import { lastSent, openWire } from './wire.ts'
import type { Wire } from './wire.ts'

const USAGE = '/services/data/v64.0/apps/oauth/usage'
let wire: Wire

beforeAll(async () => {
  wire = await openWire()
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

async function usageOf(username = 'ada@acme.example'): Promise<OAuthUsage> {
  const { connection } = await connect(wire, { username })
  return oauthUsage((url, init) => connection.fetch(url, init))
}

async function sampleApp(usage: OAuthUsage): Promise<string> {
  const [app] = await usage.apps()
  return app?.identifier ?? ''
}

async function userNamed(usage: OAuthUsage, username: string): Promise<string> {
  const users = await usage.users(await sampleApp(usage))
  return users.find((user) => user.username === username)?.identifier ?? ''
}

describe('the inventory', () => {
  it('is asked for by GETs with the token in the header alone', async () => {
    const usage = await usageOf()
    const app = await sampleApp(usage)
    expect(lastSent(wire)).toMatchObject({ method: 'GET', target: `${USAGE}?page=0&pageSize=100`, form: {} })
    await usage.users(app)
    expect(lastSent(wire)).toMatchObject({ method: 'GET', target: `${USAGE}/${app}/users?page=0&pageSize=100` })
    await usage.tokens(app, '005000000000001AAA')
    expect(lastSent(wire)).toMatchObject({ method: 'GET', target: `${USAGE}/${app}/005000000000001AAA/tokens` })
    expect(lastSent(wire).headers['authorization']).toMatch(/^Bearer /)
  })

  it('lists apps, their users, and the refresh tokens of one', async () => {
    const usage = await usageOf()
    await wire.tokens({ username: 'grace@acme.example' })
    const [app, ...others] = await usage.apps()
    expect(others).toEqual([])
    expect(app).toMatchObject({ identifier: expect.any(String), developerName: expect.any(String) })
    const user = await userNamed(usage, 'grace@acme.example')
    const [token, ...more] = await usage.tokens(app?.identifier ?? '', user)
    expect(more).toEqual([])
    expect(token).toMatchObject({ identifier: expect.any(String), username: 'grace@acme.example' })
    expect(Math.abs((token?.connectedAt ?? 0) - wire.sim.clock.now())).toBeLessThan(20_000)
    expect(JSON.stringify(token)).not.toContain('5Aep')
  })

  it('ends one refresh token', async () => {
    const usage = await usageOf()
    const { refreshToken = '' } = await wire.tokens({ username: 'grace@acme.example' })
    const app = await sampleApp(usage)
    const [token] = await usage.tokens(app, await userNamed(usage, 'grace@acme.example'))
    await usage.revoke(token?.identifier ?? '')
    expect(lastSent(wire)).toMatchObject({ method: 'DELETE', target: `${USAGE}/tokens/${token?.identifier}` })
    expect(wire.sim.tokenState(refreshToken)).toBe('revoked')
  })

  it('ends all refresh tokens of one user', async () => {
    const usage = await usageOf()
    const { refreshToken = '' } = await wire.tokens({ username: 'grace@acme.example' })
    const app = await sampleApp(usage)
    const user = await userNamed(usage, 'grace@acme.example')
    await usage.revokeAll(app, user)
    expect(lastSent(wire)).toMatchObject({ method: 'DELETE', target: `${USAGE}/${app}/${user}/tokens` })
    expect(wire.sim.tokenState(refreshToken)).toBe('revoked')
  })

  it('ends all refresh tokens of an app, those of everybody', async () => {
    const usage = await usageOf()
    const all = [
      await wire.tokens({ username: 'grace@acme.example' }),
      await wire.tokens({ username: 'alan@acme.example' }),
    ]
    const app = await sampleApp(usage)
    await usage.revokeAll(app)
    expect(lastSent(wire)).toMatchObject({ method: 'DELETE', target: `${USAGE}/${app}/tokens` })
    expect(all.map(({ refreshToken = '' }) => wire.sim.tokenState(refreshToken))).toEqual(['revoked', 'revoked'])
  })

  it('tells somebody who may not see it so, by a typed error that names the page to look at', async () => {
    const usage = await usageOf('alan@acme.example')
    const failure = await failureOf(usage.apps())
    expect(failure).toBeInstanceOf(RestError)
    expect(failure).toMatchObject({
      code: 'rest/insufficient-access',
      retryable: false,
      hint: expect.stringMatching(/permission sets/),
    })
  })
})

describe('an identifier that would lead elsewhere', () => {
  const nothing = ['.', '..', '', '../..', 'app/..', 'app//x', '/', '..\\x', '\ud800']

  it.each(nothing)('%j is refused before anything is sent', async (identifier) => {
    const asked: string[] = []
    const usage = oauthUsage(async (url) => {
      asked.push(url)
      return Response.json({})
    })
    const attempts = [
      () => usage.users(identifier),
      () => usage.tokens(identifier, 'user'),
      () => usage.tokens('app', identifier),
      () => usage.revoke(identifier),
      () => usage.revokeAll(identifier),
      () => usage.revokeAll(identifier, 'user'),
      () => usage.revokeAll('app', identifier),
    ]
    for (const attempt of attempts) {
      const failure = await failureOf(attempt())
      expect(failure).toBeInstanceOf(RequestError)
      expect(failure).toMatchObject({ code: 'request/unsendable', hint: expect.stringMatching(/lists/) })
    }
    expect(asked).toEqual([])
  })

  it('is one that was not found: ending the grants of nobody does not end those of all', async () => {
    const asked: string[] = []
    const usage = oauthUsage(async (url) => {
      asked.push(url)
      return new Response(null, { status: 204 })
    })
    const nobody = [{ identifier: '005' }].find(({ identifier }) => identifier === '006')?.identifier
    expect(await failureOf(usage.revokeAll('app', nobody))).toMatchObject({ code: 'request/unsendable' })
    expect(asked).toEqual([])
    await usage.revokeAll('app')
    expect(asked).toEqual([`${USAGE}/app/tokens`])
  })

  it.each(['', '64', '64.0/../..', 'v64.0', '64.0?x='])('is also a version like %j', (apiVersion) => {
    expect(() => oauthUsage(async () => Response.json({}), { apiVersion })).toThrow(ConfigError)
  })
})

describe('whatever is answered', () => {
  const answering = (text: string, status = 200): OAuthUsage => oauthUsage(async () => new Response(text, { status }))

  it('is read page by page until one is not full', async () => {
    const asked: string[] = []
    const page = (from: number, length: number) => Array.from({ length }, (_, i) => ({ identifier: `app${from + i}` }))
    const usage = oauthUsage(async (url) => {
      asked.push(url)
      const number = Number(new URL(url, 'https://acme.my.salesforce.com').searchParams.get('page'))
      return Response.json({ apps: page(number * 100, number < 2 ? 100 : 3), nextPageUrl: 'https://evil.example' })
    })
    expect(await usage.apps()).toHaveLength(203)
    expect(asked.map((url) => url.split('?')[1])).toEqual([0, 1, 2].map((number) => `page=${number}&pageSize=100`))
  })

  it('may be a long list', async () => {
    const many = `{"apps":[${'{},'.repeat(300_000)}{"identifier":"app"}]}`
    const usage = oauthUsage(async (url) => new Response(url.includes('page=0') ? many : '{"apps":[]}'))
    expect(await usage.apps()).toMatchObject([{ identifier: 'app' }])
  })

  it('leads to no other address: of a revocation address only the name at its end counts', async () => {
    const revocationUrl = 'https://evil.example/services/data/v64.0/apps/oauth/usage/tokens/0CQ%2F1'
    const asked: string[] = []
    const usage = oauthUsage(async (url) => {
      asked.push(url)
      return Response.json({ tokens: [{ revocationUrl }, { revocationUrl: 'javascript:1' }, {}, null] })
    })
    const tokens = await usage.tokens('app', 'user')
    expect(tokens.map(({ identifier }) => identifier)).toEqual(['0CQ/1'])
    await usage.revoke('0CQ/1')
    expect(asked.at(-1)).toBe(`${USAGE}/tokens/0CQ%2F1`)
  })

  it('becomes a list or a typed error', async () => {
    const names = fc.constantFrom('apps', 'users', 'tokens', 'identifier', 'revocationUrl', 'lastUsedAt', 'errorCode')
    const entry = fc.dictionary(names, fc.jsonValue())
    const body = fc.oneof(
      fc.string(),
      fc
        .oneof(fc.jsonValue(), fc.dictionary(names, fc.array(entry)), fc.array(entry))
        .map((value) => JSON.stringify(value)),
    )
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(200, 400, 401, 403, 404, 500), async (text, status) => {
        const usage = answering(text, status)
        for (const attempt of [usage.apps(), usage.users('a'), usage.tokens('a', 'b'), usage.revokeAll('a')]) {
          const outcome: unknown = await attempt.catch((error: unknown) => error)
          expect(outcome === undefined || Array.isArray(outcome) || isSalesforceAuthError(outcome)).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })
})
