import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { usernamePassword } from '../../src/flows/index.ts'
import { clientSecretPost, openTokenEndpoint } from '../../src/index.ts'
import type { TokenSet } from '../../src/index.ts'
import { oauthFailure, tokenRefusals } from './refusals.ts'
import { lastSent, openWire } from './wire.ts'
import type { Wire } from './wire.ts'

const username = 'ada@acme.example'
const password = 'p&ss wörd+'
const securityToken = 'SecurityTokenSimulator24'
let wire: Wire

beforeAll(async () => {
  wire = await openWire()
})
// New orgs block the flow and External Client Apps do not have it: this is an old org with an old app.
beforeEach(() => {
  wire.sim.reset()
  wire.sim.updateOrg('Acme', { usernamePasswordFlowBlocked: false })
  wire.sim.updateApp(wire.sim.app().clientId, { kind: 'connectedApp' })
  wire.sim.updateUser(username, { password })
})
afterAll(() => wire.close())

const tokensOf = (change: Partial<Parameters<typeof usernamePassword>[1]> = {}): Promise<TokenSet> =>
  usernamePassword(wire.endpoint(), { username, password, securityToken, ...change })

describe('a password is traded', () => {
  it('with one POST in which the security token stands right behind the password', async () => {
    const { sim } = wire
    await tokensOf()
    const { clientId, clientSecret } = sim.app()
    expect(lastSent(wire)).toEqual({
      method: 'POST',
      origin: sim.org().url,
      target: '/services/oauth2/token',
      redirect: 'manual',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
      form: {
        grant_type: 'password',
        username,
        password: 'p&ss wörd+SecurityTokenSimulator24',
        client_id: clientId,
        client_secret: clientSecret,
        format: 'json',
      },
    })
  })

  it('for an access token of that user, with neither refresh token nor scope', async () => {
    const { sim } = wire
    const tokens = await tokensOf()
    expect(tokens).toEqual({
      accessToken: expect.stringMatching(/^00D[A-Za-z0-9]{12}![A-Za-z0-9._]{96}$/),
      tokenType: 'Bearer',
      instanceUrl: sim.org().url,
      identity: { orgId: sim.org().id, userId: expect.stringMatching(/^005\w{15}$/) },
      identityUrl: expect.stringMatching(`/id/${sim.org().id}/005`),
      issuedAt: expect.any(Number),
      expirySource: 'unknown',
      signature: { value: expect.stringMatching(/^[\w+/]{43}=$/), issuedAt: String(tokens.issuedAt) },
    })
    expect(sim.tokenState(tokens.accessToken)).toBe('active')
  })

  it('without a security token, for a user who has none', async () => {
    wire.sim.updateUser(username, { securityToken: '' })
    expect(await usernamePassword(wire.endpoint(), { username, password })).toMatchObject({ tokenType: 'Bearer' })
    expect(lastSent(wire).form).toMatchObject({ password })
  })
})

describe('the log', () => {
  const LEGACY = { level: 'warn', event: 'flow/legacy', flow: 'username-password' }

  it('is warned once an endpoint that the flow is legacy, and told what to use instead', async () => {
    wire.log.length = 0
    const endpoint = wire.endpoint()
    const grant = { username, password, securityToken }
    await usernamePassword(endpoint, grant)
    await usernamePassword(endpoint, { ...grant, password: 'b4d-p4ss' }).catch(() => undefined)
    expect(wire.log).toEqual([{ ...LEGACY, message: expect.stringMatching(/password.*retiring.*jwtBearer/) }])
    await usernamePassword(wire.endpoint(), grant)
    expect(wire.log).toMatchObject([LEGACY, LEGACY])
    expect(JSON.stringify(wire.log)).not.toMatch(/wörd|b4d-p4ss|SecurityTokenSimulator|ada@/)
  })

  it('is the console unless a logger is given, and a logger that fails stops no flow', async () => {
    const { clientId, clientSecret } = wire.sim.app()
    const options = { loginUrl: wire.sim.org().url, clientId, clientAuthentication: clientSecretPost(clientSecret) }
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    await usernamePassword(openTokenEndpoint(options), { username, password, securityToken })
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^\[orgpass\] The username-password flow is legacy/)]])
    warn.mockRestore()
    const logger = (): never => {
      throw new Error('disk full')
    }
    const endpoint = openTokenEndpoint({ ...options, logger })
    expect(await usernamePassword(endpoint, { username, password, securityToken })).toHaveProperty('accessToken')
  })
})

describe('"authentication failure" stands for everything, and the hint says so', () => {
  it.each([
    ['a wrong password', () => tokensOf({ password: 'b4d-p4ss' })],
    ['an unknown user', () => tokensOf({ username: 'nobody@acme.example' })],
    ['a missing security token', () => tokensOf({ securityToken: '' })],
    ['a flow that the org blocks', blocked],
  ])('%s', async (_, act) => {
    const error = await oauthFailure(act())
    expect(error).toMatchObject({ code: 'oauth/invalid_grant', description: 'authentication failure' })
    expect(error.message).toMatch(/security token.*username-password flow is blocked/s)
    expect(error.hint).toMatch(/Login History.*OAuth and OpenID Connect Settings/s)
    expect(JSON.stringify(error) + error.stack).not.toMatch(/b4d-p4ss|SecurityTokenSimulator|wörd/)
  })

  async function blocked(): Promise<unknown> {
    wire.sim.updateOrg('Acme', { usernamePasswordFlowBlocked: true })
    return tokensOf()
  }
})

describe('a refusal is named', () => {
  it('when the app is an External Client App', async () => {
    wire.sim.updateApp(wire.sim.app().clientId, { kind: 'externalClientApp' })
    const error = await oauthFailure(tokensOf())
    expect(error).toMatchObject({ code: 'oauth/unsupported_grant_type', hint: expect.stringMatching(/\w{4}/) })
  })

  it.each(tokenRefusals)('$error: $description', async ({ error, description, code, hint }) => {
    wire.sim.faults.next('token', { error, description })
    const failure = await oauthFailure(tokensOf())
    expect(failure).toMatchObject({ code, error, description, httpStatus: 400 })
    expect(failure.hint).toMatch(hint)
  })
})
