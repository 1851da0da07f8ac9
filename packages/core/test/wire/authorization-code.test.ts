import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { authorizationCode } from '../../src/flows/authorization-code.ts'
import type { AuthorizationCodeGrant } from '../../src/flows/authorization-code.ts'
import { clientSecretPost } from '../../src/index.ts'
import { inWorkers } from '../host.ts'
import { breakdowns, deadBase, listenBriefly } from './breakdowns.ts'
import { codeRefusals, failureOf, oauthFailure, transportFailure } from './refusals.ts'
import { lastSent, openWire, REDIRECT_URI } from './wire.ts'
import type { Wire } from './wire.ts'

const SITE = { name: 'Customers', path: 'customers' }
let wire: Wire

beforeAll(async () => {
  const users = [{ username: 'carol@customer.example', site: SITE.path }, { username: 'uma@umbrella.example' }]
  wire = await openWire({ orgs: [{ name: 'Umbrella', sites: [SITE], users }] })
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

describe('a code is traded', () => {
  it('with one POST that carries each parameter once, and no scope', async () => {
    const { sim } = wire
    const grant = await wire.code()
    await authorizationCode(wire.endpoint(), grant)
    const { clientId, clientSecret } = sim.app()
    expect(lastSent(wire)).toEqual({
      method: 'POST',
      origin: sim.org().url,
      target: '/services/oauth2/token',
      redirect: 'manual',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      form: {
        grant_type: 'authorization_code',
        code: grant.code,
        redirect_uri: REDIRECT_URI,
        code_verifier: grant.codeVerifier,
        client_id: clientId,
        client_secret: clientSecret,
        format: 'json',
      },
    })
    expect(grant.code).toMatch(/==$/)
  })

  it('for tokens whose times are milliseconds and whose identity has 18-character ids', async () => {
    const { sim } = wire
    const before = sim.clock.now()
    const tokens = await wire.tokens({ nonce: 'n-1' })
    expect(tokens).toEqual({
      accessToken: expect.stringMatching(/^00D[A-Za-z0-9]{12}![A-Za-z0-9._]{96}$/),
      refreshToken: expect.stringMatching(/^5Aep861.{80}$/),
      idToken: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/),
      tokenType: 'Bearer',
      instanceUrl: sim.org().url,
      identity: { orgId: sim.org().id, userId: expect.stringMatching(/^005\w{15}$/) },
      identityUrl: expect.stringMatching(`^${sim.loginUrl}/id/${sim.org().id}/005`),
      scope: expect.arrayContaining(['openid', 'id', 'api', 'refresh_token']),
      issuedAt: expect.any(Number),
      expirySource: 'unknown',
      signature: { value: expect.stringMatching(/^[\w+/]{43}=$/), issuedAt: String(tokens.issuedAt) },
    })
    expect(tokens.issuedAt).toBeGreaterThanOrEqual(before)
    expect(tokens.issuedAt).toBeLessThanOrEqual(sim.clock.now())
    expect(sim.tokenState(tokens.accessToken)).toBe('active')
  })

  it('for a JWT access token whose end is known from its exp', async () => {
    const { sim } = wire
    sim.updateApp(sim.app().clientId, { jwtAccessTokens: true, jwtAccessTokenLifetime: 60_000 })
    const tokens = await wire.tokens()
    expect(tokens).toMatchObject({ tokenFormat: 'jwt', expirySource: 'jwt' })
    expect(Math.abs((tokens.expiresAt ?? 0) - sim.clock.now() - 60_000)).toBeLessThan(2_000)
  })

  it('for what was granted only: no refresh token and no ID token without their scopes', async () => {
    const tokens = await wire.tokens({ scope: 'api' })
    expect(tokens.scope).toEqual(['api'])
    expect(tokens).not.toHaveProperty('refreshToken')
    expect(tokens).not.toHaveProperty('idToken')
  })

  it('on the site where it was issued, which then is the community of the tokens', async () => {
    const [site] = wire.sim.org('Umbrella').sites
    const base = site?.url ?? ''
    const tokens = await wire.tokens({ base, username: 'carol@customer.example' })
    expect(lastSent(wire)).toMatchObject({ target: `/${SITE.path}/services/oauth2/token` })
    expect(tokens.community?.base).toBe(base)
    expect(tokens.instanceUrl).toBe(wire.sim.org('Umbrella').url)
  })
})

describe('a refusal that a policy provokes is named', () => {
  const wrong = (change: Partial<AuthorizationCodeGrant>) => async () =>
    authorizationCode(wire.endpoint(), { ...(await wire.code()), ...change })
  const under = (policies: Parameters<Wire['sim']['updateApp']>[1]) => async () => {
    const grant = await wire.code()
    wire.sim.updateApp(wire.sim.app().clientId, policies)
    return authorizationCode(wire.endpoint(), grant)
  }

  it.each([
    ['a code used before', ['oauth/invalid_grant', /expired authorization code/], usedTwice],
    ['a code of 16 minutes', ['oauth/invalid_grant', /expired authorization code/], tooLate],
    ['a damaged code', ['oauth/invalid_grant', /invalid authorization code/], wrong({ code: 'aPrxDamaged==' })],
    ['a code of another org', ['oauth/invalid_grant', /invalid authorization code/], fromAnotherOrg],
    ['a wrong verifier', ['oauth/invalid_request', /verifier/], wrong({ codeVerifier: 'v'.repeat(43) })],
    ['another callback', ['oauth/redirect_uri_mismatch', /must match/], wrong({ redirectUri: `${REDIRECT_URI}/` })],
    ['a blocked app', ['oauth/app_blocked', /blocked/], under({ blocked: true })],
    ['a disabled app', ['oauth/oauth_flow_disabled', /disabled/], under({ enabled: false })],
    ['a disabled flow', ['oauth/oauth_flow_disabled', /disabled/], under({ flows: { webServer: false } })],
    ['a foreign address', ['oauth/invalid_grant', /ip restricted/], under({ ipRanges: ['10.1.2.3'] })],
    ['a user not approved', ['oauth/invalid_app_access', /admin approved/], under({ permittedUsers: 'adminApproved' })],
    ['a deactivated user', ['oauth/invalid_grant', /inactive user/], deactivated],
    ['a wrong secret', ['oauth/invalid_client', /invalid client credentials/], withWrongSecret],
    ['an unknown client', ['oauth/invalid_client_id', /client identifier invalid/], fromNobody],
  ] as const)('%s', async (_, [code, description], act) => {
    const error = await oauthFailure(act())
    expect(error).toMatchObject({ code, httpStatus: 400 })
    expect(error.description).toMatch(description)
    expect(error.hint).toMatch(/\w{4}/)
  })

  async function usedTwice(): Promise<unknown> {
    const grant = await wire.code()
    await authorizationCode(wire.endpoint(), grant)
    return authorizationCode(wire.endpoint(), grant)
  }
  async function tooLate(): Promise<unknown> {
    const grant = await wire.code()
    wire.sim.clock.advance(16 * 60_000)
    return authorizationCode(wire.endpoint(), grant)
  }
  async function fromAnotherOrg(): Promise<unknown> {
    const grant = await wire.code({ base: wire.sim.org('Umbrella').url, username: 'uma@umbrella.example' })
    return authorizationCode(wire.endpoint(), grant)
  }
  async function deactivated(): Promise<unknown> {
    const grant = await wire.code()
    wire.sim.updateUser('ada@acme.example', { active: false })
    return authorizationCode(wire.endpoint(), grant)
  }
  async function withWrongSecret(): Promise<unknown> {
    return authorizationCode(wire.endpoint({ authenticate: clientSecretPost('wrong') }), await wire.code())
  }
  async function fromNobody(): Promise<unknown> {
    const nobody = wire.endpoint({ clientId: '3MVG9nobody', authenticate: clientSecretPost('wrong') })
    return authorizationCode(nobody, await wire.code())
  }
})

describe('every documented refusal has its code, hint and verdict', () => {
  it.each(codeRefusals)('$error: $description', async ({ error, description, code, hint, needsLogin, retryable }) => {
    wire.sim.faults.next('token:authorization_code', { error, description })
    const failure = await oauthFailure(authorizationCode(wire.endpoint(), someGrant))
    expect(failure).toMatchObject({ code, error, description, httpStatus: 400 })
    expect(failure.hint).toMatch(hint)
    expect(failure.needsLogin).toBe(needsLogin ?? false)
    expect(failure.retryable).toBe(retryable ?? false)
  })

  it('and what a description quotes of a secret is not repeated', async () => {
    const description = 'invalid token 00Dxx0000000001!AQEAQPlantedSecretPlantedSecret <b>'
    wire.sim.faults.next('token', { error: 'invalid_request', description })
    const failure = await oauthFailure(authorizationCode(wire.endpoint(), someGrant))
    expect(`${failure.message} ${failure.description} ${JSON.stringify(failure)}`).not.toMatch(/Planted|<b>/)
  })
})

describe('no usable answer', () => {
  it.each(breakdowns)('from a server that $name → $code', async ({ listener, code, retryable }) => {
    await using server = await listenBriefly(listener)
    const endpoint = wire.endpoint({ base: server.url, timeout: 300 })
    const failure = await transportFailure(authorizationCode(endpoint, someGrant))
    expect(failure).toMatchObject({ code, retryable, sent: true })
    expect(failure.hint).toMatch(/\w{4}/)
  })

  it.skipIf(inWorkers)('from a server that nobody started is told to be unsent', async () => {
    const endpoint = wire.endpoint({ base: await deadBase() })
    const failure = await transportFailure(authorizationCode(endpoint, someGrant))
    expect(failure).toMatchObject({ code: 'net/unreachable', retryable: true, sent: false })
  })

  it('because the caller gave up is told to be so', async () => {
    const grant = await wire.code()
    wire.sim.faults.next('token', { latency: 500 })
    const call = authorizationCode(wire.endpoint(), grant, { signal: AbortSignal.timeout(50) })
    expect(await transportFailure(call)).toMatchObject({ code: 'net/aborted', retryable: false })
  })
})

describe('an answer that cannot be trusted', () => {
  const good = {
    access_token: '00Dxx0000000001!AQEAQ',
    instance_url: 'http://localhost:1',
    id: 'https://login.salesforce.com/id/00D000000000001EAA/005000000000001AAA',
    token_type: 'Bearer',
    issued_at: '1278448832702',
  }
  it.each([
    ['without access_token', { access_token: undefined }, 'token/malformed-answer'],
    ['with an access_token that breaks a header', { access_token: 'a\r\nb' }, 'token/malformed-answer'],
    ['without instance_url', { instance_url: undefined }, 'token/malformed-answer'],
    ['with a stranger as instance_url', { instance_url: 'https://evil.example' }, 'token/foreign-instance'],
    ['with credentials in instance_url', { instance_url: 'http://a:b@localhost:1' }, 'token/foreign-instance'],
    ['with an id of another shape', { id: 'https://login.salesforce.com/id/00D/005' }, 'token/malformed-answer'],
    ['with an id whose checksum is wrong', { id: good.id.replace(/AAA$/, 'AAB') }, 'token/malformed-answer'],
    ['with issued_at that is no time', { issued_at: 'yesterday' }, 'token/malformed-answer'],
    ['with a token type nobody knows', { token_type: 'MAC' }, 'token/malformed-answer'],
    ['with a list as scope', { scope: ['api'] }, 'token/malformed-answer'],
  ])('%s is refused', async (_, change, code) => {
    await using server = await listenBriefly((_req, res) => void res.end(JSON.stringify({ ...good, ...change })))
    const failure = await failureOf(authorizationCode(wire.endpoint({ base: server.url }), someGrant))
    expect(failure).toMatchObject({ code, hint: expect.stringMatching(/\w{4}/) })
  })

  it('is told apart from one that can', async () => {
    const answer = { ...good, expires_in: '60', instance_url: 'http://localhost:1/' }
    await using server = await listenBriefly((_req, res) => void res.end(JSON.stringify(answer)))
    const tokens = await authorizationCode(wire.endpoint({ base: server.url }), someGrant)
    expect(tokens).toMatchObject({ expirySource: 'answer', issuedAt: 1278448832702, instanceUrl: 'http://localhost:1' })
    expect((tokens.expiresAt ?? 0) - wire.sim.clock.now()).toBeLessThanOrEqual(60_000)
  })
})

const someGrant: AuthorizationCodeGrant = {
  code: 'aPrxSome==',
  redirectUri: REDIRECT_URI,
  codeVerifier: 'v'.repeat(43),
}
