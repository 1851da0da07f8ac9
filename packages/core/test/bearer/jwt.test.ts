import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  requiresAuth,
  requiresBearer,
  requiresCustomPermission,
  requiresOrg,
  requiresProfile,
  requiresScope,
  allOf,
} from '../../src/index.ts'
import { openStage, verdict } from '../guards/stage.ts'
import type { Stage } from '../guards/stage.ts'
import { listenBriefly } from '../wire/breakdowns.ts'
import { takesCaller, tokenOf, tokensOf, withToken } from './tokens.ts'

const guards = {
  '/': requiresBearer(),
  '/api': allOf(requiresBearer(), requiresScope('api')),
  '/web': allOf(requiresBearer(), requiresScope(['api', 'web'])),
  '/reps': allOf(requiresBearer(), requiresProfile('Sales Rep')),
  '/production': allOf(requiresBearer(), requiresAuth(), requiresOrg('production')),
  '/export': allOf(requiresBearer(), requiresCustomPermission('Export_Data')),
}

let stage: Stage
beforeEach(async () => {
  stage = await openStage(guards, { options: takesCaller })
})
afterEach(() => stage[Symbol.asyncDispose]())

describe('a JWT access token', () => {
  it('passes, verified here, and tells who calls from which app', async () => {
    const { sim } = stage
    const token = await tokenOf(sim)
    stage.forget()
    const response = await stage.browser().get('/', withToken(token))
    expect(await response.json()).toEqual({
      kind: 'jwt',
      issuer: sim.org('Globex').url,
      orgId: sim.org('Globex').id,
      userId: expect.stringMatching(/^005\w{15}$/),
      clientId: sim.app('Caller').clientId,
      scope: expect.arrayContaining(['api', 'id', 'openid']),
      expiresAt: expect.any(Number),
    })
    for (const path of ['/', '/api']) expect((await stage.browser().get(path, withToken(token))).status).toBe(200)
    expect(stage.asked()).toEqual(['/id/keys'])
  })

  it('has its facts asked with itself, at its issuer', async () => {
    const token = await tokenOf(stage.sim, { scope: 'openid api custom_permissions' })
    stage.forget()
    for (const path of ['/reps', '/production', '/export']) {
      expect([path, await verdict(await stage.browser().get(path, withToken(token)))]).toEqual([path, '200'])
    }
    expect(
      stage
        .asked()
        .filter((path) => path !== '/id/keys')
        .toSorted(),
    ).toEqual(['/services/data/v64.0/query', '/services/data/v64.0/query', '/services/oauth2/userinfo'])
  })

  it('that lacks a scope is refused by the challenge that names it', async () => {
    const response = await stage.browser().get('/web', withToken(await tokenOf(stage.sim)))
    expect(response.status).toBe(403)
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer realm="salesforce", error="insufficient_scope", scope="api web", resource_metadata="${stage.url}/.well-known/oauth-protected-resource"`,
    )
    expect(await response.json()).toMatchObject({ error: 'request/forbidden', requirement: 'scope', scope: 'api web' })
  })

  it('that lacks the scope of a fact is told which to get', async () => {
    const response = await stage.browser().get('/export', withToken(await tokenOf(stage.sim)))
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({
      error: 'guard/scope-missing',
      hint: expect.stringContaining('custom_permissions'),
    })
  })

  it('that Salesforce revoked still passes, until a question shows it', async () => {
    const token = await tokenOf(stage.sim)
    stage.sim.expireAccessTokens()
    expect((await stage.browser().get('/', withToken(token))).status).toBe(200)
    expect(await verdict(await stage.browser().get('/reps', withToken(token)))).toBe('401 token/access-token-ended')
  })
})

async function refusal(token: string): Promise<string> {
  const response = await stage.browser().get('/', withToken(token))
  expect(response.headers.get('www-authenticate')).toBe(
    `Bearer realm="salesforce", error="invalid_token", resource_metadata="${stage.url}/.well-known/oauth-protected-resource"`,
  )
  expect(response.headers.get('cache-control')).toBe('no-store')
  const text = await response.clone().text()
  expect(text).not.toContain(token.slice(-20))
  expect(JSON.stringify(stage.log)).not.toContain(token.slice(-20))
  return verdict(response)
}

describe('a token is refused', () => {
  it('of another app of the org', async () => {
    expect(await refusal(await tokenOf(stage.sim, { app: 'Stranger' }))).toBe('401 token/access-token-audience')
  })

  it('when it has ended, half a minute of tolerance included', async () => {
    const token = await tokenOf(stage.sim)
    stage.sim.clock.advance(30 * 60_000 + 15_000)
    expect((await stage.browser().get('/', withToken(token))).status).toBe(200)
    stage.sim.clock.advance(20_000)
    expect(await refusal(token)).toBe('401 token/access-token-expired')
  })

  it('that is opaque, as long as those are not configured', async () => {
    expect(await refusal(await tokenOf(stage.sim, { jwt: false }))).toBe('401 token/access-token-invalid')
  })

  it('that is an ID token or a refresh token', async () => {
    const { idToken = '', refreshToken = '' } = await tokensOf(stage.sim, { scope: 'openid api refresh_token' })
    expect(await refusal(idToken)).toMatch(/^401 token\/access-token-(?:invalid|audience)$/)
    expect(await refusal(refreshToken)).toBe('401 token/access-token-invalid')
  })

  it('with a changed signature or claim', async () => {
    const [header = '', claims = '', signature = ''] = (await tokenOf(stage.sim)).split('.')
    const other = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`
    expect(await refusal([header, claims, other].join('.'))).toBe('401 token/access-token-invalid')
    const raised = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { scp: string }
    raised.scp = 'full'
    const changed = Buffer.from(JSON.stringify(raised)).toString('base64url')
    expect(await refusal([header, changed, signature].join('.'))).toBe('401 token/access-token-invalid')
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url')
    expect(await refusal(`${none}.${changed}.AA`)).toBe('401 token/access-token-invalid')
  })

  it('of an org that is not allowed, although its issuer is listed', async () => {
    const options = (sim: Stage['sim']) => ({ ...takesCaller(sim), allowedOrgs: [sim.org().id] })
    await using elsewhere = await openStage(guards, { options })
    const answer = await elsewhere.browser().get('/', withToken(await tokenOf(elsewhere.sim)))
    expect(await verdict(answer)).toBe('401 token/access-token-org')
  })

  it('of another issuer, without asking it for keys', async () => {
    const token = await tokenOf(stage.sim)
    await using other = await openStage(guards, {
      options: (sim) => takesCaller(sim, { clientIds: [stage.sim.app('Caller').clientId] }),
    })
    other.forget()
    stage.forget()
    expect(await verdict(await other.browser().get('/', withToken(token)))).toBe('401 token/access-token-issuer')
    expect([...other.asked(), ...stage.asked()]).toEqual([])
  })
})

describe('a token that an org of its own signed', () => {
  const ORG = '00D5e000001AbCdEAK'
  const kid = `CORE_ATJWT.${ORG.slice(0, 15)}.1`

  async function judged(change: { header?: object; claims?: object } = {}): Promise<string> {
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    const jwk = { ...(await exportJWK(publicKey)), alg: 'RS256' }
    const keys = [
      { ...jwk, kid },
      { ...jwk, kid: '264' },
    ]
    await using org = await listenBriefly((_req, res) => void res.end(JSON.stringify({ keys })))
    await using signed = await openStage(guards, {
      options: () => ({ bearer: { issuers: [`${org.url}/`], clientIds: ['3MVG9app'] } }),
    })
    const exp = Math.floor(signed.sim.clock.now() / 1000) + 60
    const claims = {
      iss: org.url,
      aud: [org.url],
      exp,
      scp: 'api',
      sub: 'uid:0055e000001AbCdAAK',
      client_id: '3MVG9app',
    }
    const changes = Object.entries(change.claims ?? {}).map(([name, value]) => [
      name,
      value instanceof Function ? value(org.url) : value,
    ])
    const given = { ...claims, ...Object.fromEntries(changes) }
    const header = { alg: 'RS256', kid, tty: 'sfdc-core-token', ...change.header }
    const token = await new SignJWT(given).setProtectedHeader(header).sign(privateKey)
    return await verdict(await signed.browser().get('/', withToken(token)))
  }

  it('passes, its audience written as a list or alone', async () => {
    expect(await judged()).toBe('200')
    expect(await judged({ claims: { aud: (base: string) => base } })).toBe('200')
  })

  it.each<[string, string, { header?: object; claims?: object }]>([
    ['is signed by a release key', 'invalid', { header: { kid: '264' } }],
    ['is of another kind', 'invalid', { header: { tty: 'sfdc-id-token' } }],
    ['has no end', 'invalid', { claims: { exp: undefined } }],
    [
      'has several audiences, none of them this',
      'audience',
      { claims: { aud: ['https://a.example', 'https://b.example'] } },
    ],
    ['has no audience', 'audience', { claims: { aud: undefined } }],
    ['names its issuer with a slash', 'issuer', { claims: { iss: (base: string) => `${base}/` } }],
    ['names its issuer in capitals', 'issuer', { claims: { iss: (base: string) => base.toUpperCase() } }],
    ['names its issuer in a list', 'issuer', { claims: { iss: (base: string) => [base] } }],
    ['names no app', 'audience', { claims: { client_id: undefined } }],
    ['is bound to a key', 'bound', { claims: { cnf: { jkt: 'x' } } }],
  ])('that %s is refused as %s', async (_, expected, change) => {
    expect(await judged(change)).toBe(`401 token/access-token-${expected}`)
  })

  it('that stands for no person passes, and holds no personal requirement', async () => {
    expect(await judged({ claims: { sub: 'app:x' } })).toBe('200')
  })
})

it('while the keys cannot be had, nobody passes, and it is for later', async () => {
  const token = await tokenOf(stage.sim)
  stage.sim.faults.next('keys', { status: 503 }, 2)
  const response = await stage.browser().get('/', withToken(token))
  expect(response.headers.has('www-authenticate')).toBe(false)
  expect(await response.json()).toMatchObject({ error: 'token/unverifiable', retryable: true })
  expect(response.status).toBe(503)
})
