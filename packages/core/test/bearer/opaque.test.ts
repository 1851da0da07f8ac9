import { describe, expect, it } from 'vitest'
import { OpaqueTokens } from '../../src/auth/bearer/opaque.ts'
import { allOf, noClientAuthentication, requiresBearer, requiresProfile, TokenError } from '../../src/index.ts'
import type { BearerOptions, HttpClient } from '../../src/index.ts'
import type { Simulator } from '@orgpass/simulator'
import { openStage, verdict } from '../guards/stage.ts'
import type { Stage, StageOptions } from '../guards/stage.ts'
import { tokenOf, tokensOf, withToken } from './tokens.ts'

const guards = { '/': requiresBearer(), '/reps': allOf(requiresBearer(), requiresProfile('Sales Rep')) }

/** Takes opaque tokens of its own app, Portal, and of Caller. */
function open(opaque: BearerOptions['opaque'] = {}, more: StageOptions = {}): Promise<Stage> {
  const options = (sim: Simulator) => {
    const clientIds = [sim.app('Portal').clientId, sim.app('Caller').clientId]
    return { bearer: { issuers: [sim.org('Globex').url], clientIds, ...(opaque && { opaque }) } }
  }
  return openStage(guards, { options, ...more })
}

const own = { app: 'Portal', jwt: false } as const
const INTROSPECT = '/services/oauth2/introspect'

async function judged(stage: Stage, token: string, path = '/'): Promise<string> {
  return verdict(await stage.browser().get(path, withToken(token)))
}

describe('an opaque access token', () => {
  it('passes by what Salesforce says of it, and tells who calls from which app', async () => {
    await using stage = await open()
    const { sim } = stage
    const response = await stage.browser().get('/', withToken(await tokenOf(sim, own)))
    expect(await response.json()).toEqual({
      kind: 'opaque',
      issuer: sim.org('Globex').url,
      orgId: sim.org('Globex').id,
      userId: expect.stringMatching(/^005\w{15}$/),
      clientId: sim.app('Portal').clientId,
      scope: expect.arrayContaining(['api']),
      expiresAt: expect.any(Number),
    })
  })

  it('has its facts asked with itself', async () => {
    await using stage = await open()
    expect(await judged(stage, await tokenOf(stage.sim, own), '/reps')).toBe('200')
    expect(await judged(stage, await tokenOf(stage.sim, { ...own, username: 'ivy@globex.example' }), '/reps')).toBe(
      '403 request/forbidden profile',
    )
  })

  it('of another listed app passes only if this app may introspect all tokens', async () => {
    await using stage = await open()
    const { sim } = stage
    expect(await judged(stage, await tokenOf(sim, { jwt: false }))).toBe('401 token/access-token-ended')
    sim.updateApp(sim.app('Portal').clientId, { introspectAllTokens: true })
    expect(await judged(stage, await tokenOf(sim, { jwt: false }))).toBe('200')
    expect(await judged(stage, await tokenOf(sim, { app: 'Stranger', jwt: false }))).toBe(
      '401 token/access-token-audience',
    )
  })

  it('is asked about once, by however many at a time, for a minute', async () => {
    await using stage = await open()
    const token = await tokenOf(stage.sim, own)
    stage.forget()
    const answers = await Promise.all(Array.from({ length: 40 }, () => judged(stage, token)))
    expect(new Set(answers)).toEqual(new Set(['200']))
    stage.sim.clock.advance(58_000)
    await judged(stage, token)
    expect(stage.asked()).toEqual([INTROSPECT])
    stage.sim.clock.advance(3_000)
    await judged(stage, token)
    expect(stage.asked()).toEqual([INTROSPECT, INTROSPECT])
  })

  it('that was revoked passes until the minute is over, and not longer', async () => {
    await using stage = await open()
    const token = await tokenOf(stage.sim, own)
    expect(await judged(stage, token)).toBe('200')
    stage.sim.expireAccessTokens()
    expect(await judged(stage, token)).toBe('200')
    stage.sim.clock.advance(61_000)
    expect(await judged(stage, token)).toBe('401 token/access-token-ended')
  })

  it('passes never beyond its own end', async () => {
    await using stage = await open({ ttl: 24 * 60 * 60_000 })
    const token = await tokenOf(stage.sim, own)
    expect(await judged(stage, token)).toBe('200')
    stage.sim.clock.advance(12 * 60 * 60_000 + 1_000)
    expect(await judged(stage, token)).toBe('401 token/access-token-ended')
  })

  it('that is refused is refused for ten seconds without asking, then asked about again', async () => {
    await using stage = await open()
    const token = await tokenOf(stage.sim, { jwt: false })
    stage.forget()
    for (let i = 0; i < 20; i++) expect(await judged(stage, token)).toBe('401 token/access-token-ended')
    expect(stage.asked()).toEqual([INTROSPECT])
    stage.sim.updateApp(stage.sim.app('Portal').clientId, { introspectAllTokens: true })
    stage.sim.clock.advance(11_000)
    expect(await judged(stage, token)).toBe('200')
  })
})

describe('nobody is asked', () => {
  it('about what has not the shape of an access token', async () => {
    await using stage = await open()
    const { refreshToken = '', accessToken } = await tokensOf(stage.sim, { ...own, scope: 'openid api refresh_token' })
    stage.forget()
    const [org = '', secret = ''] = accessToken.split('!')
    const shown = [
      refreshToken,
      'garbage',
      '!',
      `${org}!`,
      `!${secret}`,
      `${org}!short`,
      `005${org.slice(3)}!${secret}`,
      `${org}!${secret}!x`,
      'a.b',
      `${org}!${'x'.repeat(2_000)}`,
    ]
    for (const token of shown)
      expect([token, await judged(stage, token)]).toEqual([token, '401 token/access-token-invalid'])
    expect(stage.asked()).toEqual([])
  })

  it('about a token of an org that is not allowed', async () => {
    await using stage = await openStage(guards, {
      options: (sim) => ({
        allowedOrgs: [sim.org().id],
        bearer: { issuers: [sim.org('Globex').url], clientIds: [sim.app('Portal').clientId], opaque: {} },
      }),
    })
    const token = await tokenOf(stage.sim, own)
    stage.forget()
    expect(await judged(stage, token)).toBe('401 token/access-token-org')
    expect(stage.asked()).toEqual([])
  })
})

const NOW = 1_790_000_000_000
const GOOD = `00D5e000001AbCd!${'g'.repeat(40)}`
const SUB = 'https://login.salesforce.com/id/00D5e000001AbCdEAK/0055e000001AbCdAAK'
const LIVE = { active: true, client_id: '3MVG9', sub: SUB, scope: 'api', token_type: 'access_token' }

/** Tokens that are introspected without a connection: ten thousand questions over one would take a minute. */
function introspected(answer: (token: string) => object): { tokens: OpaqueTokens; asked: () => number } {
  let asked = 0
  const http: HttpClient = {
    timeout: 1_000,
    withTimeout: () => http,
    fetch: () => Promise.reject(new Error('not used')),
    async send(_url, { body }) {
      asked++
      const token = new URLSearchParams(String(body)).get('token') ?? ''
      return { status: 200, headers: new Headers(), text: JSON.stringify(answer(token)) }
    },
  }
  const client = {
    clientId: '3MVG9',
    authenticate: noClientAuthentication(),
    http,
    trustedHosts: [],
    now: () => NOW,
    log: () => undefined,
  }
  const tokens = new OpaqueTokens({
    client,
    issuer: 'https://acme.my.salesforce.com',
    clientIds: ['3MVG9'],
    ttl: 60_000,
  })
  return { tokens, asked: () => asked }
}

it('a flood of tokens that do not live displaces none that does', async () => {
  const { tokens, asked } = introspected((token) => (token === GOOD ? LIVE : { active: false }))
  await tokens.verify(GOOD, {})
  for (let i = 0; i < 10_500; i++) {
    await expect(tokens.verify(`00D5e000001AbCd!${String(i).padStart(40, 'b')}`, {})).rejects.toThrow(TokenError)
  }
  expect(asked()).toBe(10_501)
  expect(await tokens.verify(GOOD, {})).toMatchObject({ orgId: '00D5e000001AbCdEAK' })
  expect(asked()).toBe(10_501)
})

describe('what Salesforce says of a token is not enough', () => {
  it.each([
    ['that is a refresh token', { token_type: 'refresh_token' }, 'invalid'],
    ['of another app', { client_id: '3MVG9other' }, 'audience'],
    ['of no app', { client_id: undefined }, 'audience'],
    ['of nobody', { sub: undefined }, 'invalid'],
    [
      'of another org than it names itself',
      { sub: SUB.replace('00D5e000001AbCdEAK', '00D000000000001EAA') },
      'invalid',
    ],
    ['that ended a second ago', { exp: NOW / 1000 - 1 }, 'ended'],
    ['that does not live', { active: false }, 'ended'],
  ])('%s', async (_, change, code) => {
    const { tokens } = introspected(() => ({ ...LIVE, ...change }))
    expect(await tokens.verify(GOOD, {}).catch((error: unknown) => error)).toMatchObject({
      code: `token/access-token-${code}`,
    })
  })

  it('and in no member is more believed than is there', async () => {
    const { tokens } = introspected(() => ({ ...LIVE, scope: undefined }))
    expect(await tokens.verify(GOOD, {})).toMatchObject({ scope: [], userId: '0055e000001AbCdAAK' })
  })
})

describe('while Salesforce does not say', () => {
  it.each([
    ['because it is under maintenance', { status: 503 }],
    ['because it hangs up', { drop: 'before' }],
    ['because it answers something broken', { malformed: true }],
  ] as const)('%s nobody passes, and the next request asks again', async (_, fault) => {
    await using stage = await open()
    const token = await tokenOf(stage.sim, own)
    stage.sim.faults.next('introspect', fault)
    const response = await stage.browser().get('/', withToken(token))
    expect(response.status).toBe(503)
    expect(response.headers.has('www-authenticate')).toBe(false)
    expect(await response.json()).toMatchObject({ error: 'token/unverifiable', retryable: true })
    expect(await judged(stage, token)).toBe('200')
  })

  it('because this app itself is refused, it is a fault of the server and not of the token', async () => {
    await using stage = await open()
    const token = await tokenOf(stage.sim, own)
    stage.sim.faults.next('introspect', { error: 'invalid_client' })
    expect(await judged(stage, token)).toBe('502 oauth/invalid_client')
  })
})
