import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { importPrivateKey, jwtBearer } from '../../src/flows/index.ts'
import type { JwtBearerGrant } from '../../src/flows/index.ts'
import { ConfigError, noClientAuthentication } from '../../src/index.ts'
import type { TokenSet } from '../../src/index.ts'
import { createTokenEndpoint } from '../../src/oauth/token-endpoint.ts'
import { breakdowns, listenBriefly } from './breakdowns.ts'
import { failureOf, oauthFailure, refusal, assertionRefusals, transportFailure } from './refusals.ts'
import { lastSent, localHost, openWire } from './wire.ts'
import type { Wire } from './wire.ts'

const KEYED = '3MVG9keyed_app.with_a_certificate'
const PRE_APPROVED = { permittedUsers: 'adminApproved', permissionSets: ['Integrations'] } as const
const username = 'ada@acme.example'
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const certificate = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
let wire: Wire

beforeAll(async () => {
  const site = { name: 'Customers', path: 'customers' }
  const users = [{ username: 'carol@customer.example', site: site.path }]
  const callbackUrls = ['http://localhost:3000/auth/callback']
  const keyed = { label: 'Keyed', org: 'Acme', clientId: KEYED, certificate, callbackUrls, ...PRE_APPROVED }
  wire = await openWire({
    orgs: [{ name: 'Umbrella', sites: [site], users: [{ username: 'uma@umbrella.example' }, ...users] }],
    apps: [{ ...keyed, profiles: ['Customer Community User'] }],
  })
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

function tokensOf(grant: Partial<JwtBearerGrant> = {}, base?: string): Promise<TokenSet> {
  const endpoint = wire.endpoint({ clientId: KEYED, ...(base !== undefined && { base }) })
  return jwtBearer(endpoint, { key: pkcs8, username, ...grant })
}

describe('an assertion is traded', () => {
  it('with one POST of two parameters: its signature is all the proof', async () => {
    await tokensOf()
    expect(lastSent(wire)).toEqual({
      method: 'POST',
      origin: wire.sim.org().url,
      target: '/services/oauth2/token',
      redirect: 'manual',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      form: {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        format: 'json',
      },
    })
  })

  it('that is RS256, lives three minutes, names one audience and is new each time', async () => {
    const { sim } = wire
    await tokensOf()
    await tokensOf({ audience: sim.loginUrl })
    const [first = '', second = ''] = wire.sent.slice(-2).map(({ form }) => form['assertion'])
    expect(decodeProtectedHeader(first)).toEqual({ alg: 'RS256', typ: 'JWT' })
    const claims = decodeJwt(first)
    const times = { exp: expect.any(Number), jti: expect.stringMatching(/^[\w-]{36}$/) }
    expect(claims).toEqual({ iss: KEYED, sub: username, aud: sim.org().url, ...times })
    expect(Math.abs((claims.exp ?? 0) * 1000 - sim.clock.now() - 180_000)).toBeLessThan(2_000)
    expect(decodeJwt(second)).toMatchObject({ aud: sim.loginUrl })
    expect(decodeJwt(second).jti).not.toBe(claims.jti)
  })

  it('for an access token of that user, with neither refresh token nor times', async () => {
    const { sim } = wire
    const tokens = await tokensOf()
    expect(tokens).toEqual({
      accessToken: expect.stringMatching(/^00D[A-Za-z0-9]{12}![A-Za-z0-9._]{96}$/),
      tokenType: 'Bearer',
      instanceUrl: sim.org().url,
      identity: { orgId: sim.org().id, userId: expect.stringMatching(/^005\w{15}$/) },
      identityUrl: expect.stringMatching(`/id/${sim.org().id}/005`),
      scope: expect.arrayContaining(['api']),
      expirySource: 'unknown',
    })
    expect(sim.tokenState(tokens.accessToken)).toBe('active')
  })

  it('on the generic login host too', async () => {
    const { sim } = wire
    expect(await tokensOf({}, sim.loginUrl)).toMatchObject({ instanceUrl: sim.org().url })
  })

  it('on a site, for one of its users', async () => {
    const [site] = wire.sim.org('Umbrella').sites
    const carol = { username: 'carol@customer.example' }
    wire.sim.updateUser(carol.username, { permissionSets: ['Integrations'] })
    const tokens = await tokensOf(carol, site?.url)
    expect(lastSent(wire)).toMatchObject({ target: '/customers/services/oauth2/token' })
    expect(decodeJwt(lastSent(wire).form['assertion'] ?? '').aud).toBe(site?.url)
    expect(tokens.community?.base).toBe(site?.url)
  })

  it.each([
    ['PKCS#1', async () => privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['JWK', async () => privateKey.export({ format: 'jwk' })],
    ['imported', async () => importPrivateKey(pkcs8)],
  ])('with a %s key as well', async (_, key) => {
    expect(await tokensOf({ key: await key() })).toMatchObject({ tokenType: 'Bearer' })
  })
})

describe('a refusal that a policy provokes is named', () => {
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
  const under = (policies: Parameters<Wire['sim']['updateApp']>[1]) => async () => {
    wire.sim.updateApp(KEYED, policies)
    return tokensOf()
  }

  it.each([
    ['a foreign key', ['oauth/invalid_grant', /invalid assertion/], () => tokensOf({ key: stranger })],
    ['another audience', ['oauth/invalid_grant', /audience/i], () => tokensOf({ audience: 'https://example.com' })],
    ['a bare host as audience', ['oauth/invalid_grant', /audience/i], () => tokensOf({ audience: 'localhost' })],
    ['a stale assertion', ['oauth/invalid_grant', /./], withSlowClock],
    ['an unknown app', ['oauth/invalid_client_id', /client identifier invalid/], withUnknownApp],
    [
      'a user not approved',
      ['oauth/invalid_app_access', /admin approved/],
      () => tokensOf({ username: 'alan@acme.example' }),
    ],
    ['nobody has approved', ['oauth/invalid_grant', /hasn.t approved/], under({ permittedUsers: 'all' })],
    [
      'an unknown user',
      ['oauth/invalid_grant', /hasn.t approved/],
      () => tokensOf({ username: 'ADA@acme.example.uat' }),
    ],
    ['a deactivated user', ['oauth/invalid_grant', /inactive user/], deactivated],
    ['a disabled app', ['oauth/oauth_flow_disabled', /disabled/], under({ enabled: false })],
    ['a foreign address', ['oauth/invalid_grant', /ip restricted/], under({ ipRanges: ['10.1.2.3'] })],
  ] as const)('%s', async (_, [code, description], act) => {
    const error = await oauthFailure(act())
    expect(error).toMatchObject({ code, httpStatus: 400, retryable: false })
    expect(error.description).toMatch(description)
    expect(error.hint).toMatch(/\w{4}/)
  })

  async function withSlowClock(): Promise<unknown> {
    const client = { ...wire.client({ clientId: KEYED }), now: () => Date.now() - 3_600_000 }
    return jwtBearer(createTokenEndpoint(client, localHost(wire.sim.org().url)), { key: pkcs8, username })
  }
  function withUnknownApp(): Promise<unknown> {
    const endpoint = wire.endpoint({ clientId: '3MVG9nobody', authenticate: noClientAuthentication() })
    return jwtBearer(endpoint, { key: pkcs8, username })
  }
  async function deactivated(): Promise<unknown> {
    wire.sim.updateUser(username, { active: false })
    return tokensOf()
  }
})

describe('every documented refusal has its code, hint and verdict', () => {
  it.each([
    refusal('oauth/invalid_grant', 'invalid assertion', { hint: /certificate/ }),
    refusal('oauth/invalid_grant', 'audience is invalid', { hint: /audience/ }),
    refusal('oauth/invalid_grant', 'Audience validation failed', { hint: /audience/ }),
    ...assertionRefusals,
  ])('$error: $description', async ({ error, description, code, ...verdict }) => {
    wire.sim.faults.next('token', { error, description })
    const failure = await oauthFailure(tokensOf())
    expect(failure).toMatchObject({ code, error, description, httpStatus: 400 })
    expect(failure.hint).toMatch(verdict.hint)
    expect(failure.needsLogin).toBe(verdict.needsLogin ?? false)
    expect(failure.retryable).toBe(verdict.retryable ?? false)
  })
})

describe('nothing is sent', () => {
  it.each([
    ['an elliptic key', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })],
    ['a certificate', certificate],
    ['a text', 'secret'],
  ])('with %s', async (_, key) => {
    const before = wire.sent.length
    expect(await failureOf(tokensOf({ key }))).toMatchObject({ code: 'config/invalid', faults: [{ option: 'key' }] })
    expect(wire.sent).toHaveLength(before)
  })

  it.each<[what: string, username: unknown, problem: string]>([
    ['no user name', undefined, 'is missing'],
    ['an empty user name', '', 'is empty or no text'],
    ['a blank user name', ' ', 'is empty or no text'],
    ['a number for a user name', 5, 'is empty or no text'],
  ])('with %s', async (_, name, problem) => {
    const before = wire.sent.length
    const grant = { username: name as string }
    const hint = expect.stringMatching(/Setup › Users.*sandbox/) as string
    expect(await failureOf(tokensOf(grant))).toMatchObject({ faults: [{ option: 'username', problem, hint }] })
    expect(wire.sent).toHaveLength(before)
  })

  it('and all that is wrong is told at once', async () => {
    const error = await failureOf(tokensOf({ username: '', key: '' }))
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as ConfigError).faults.map(({ option }) => option)).toEqual(['key', 'username'])
  })
})

describe('no usable answer', () => {
  it.each(breakdowns)('from a server that $name → $code', async ({ listener, code, retryable }) => {
    await using server = await listenBriefly(listener)
    const endpoint = wire.endpoint({ base: server.url, timeout: 300, clientId: KEYED })
    const failure = await transportFailure(jwtBearer(endpoint, { key: pkcs8, username }))
    expect(failure).toMatchObject({ code, retryable, sent: true })
    expect(failure.message).not.toContain('eyJ')
  })
})
