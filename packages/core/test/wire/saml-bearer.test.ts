import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { buildSamlBearerAssertion } from '@orgpass/saml'
import type { SamlBearerAssertionOptions } from '@orgpass/saml'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { samlBearer } from '../../src/flows/index.ts'
import type { TokenSet } from '../../src/index.ts'
import { breakdowns, listenBriefly } from './breakdowns.ts'
import { failureOf, oauthFailure, refusal, assertionRefusals, transportFailure } from './refusals.ts'
import { lastSent, openWire } from './wire.ts'
import type { Wire } from './wire.ts'

const KEYED = '3MVG9keyed_app.with_a_certificate'
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const certificate = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
let wire: Wire

beforeAll(async () => {
  const policies = { permittedUsers: 'adminApproved', permissionSets: ['Integrations'], certificate } as const
  const callbackUrls = ['http://localhost:3000/auth/callback']
  wire = await openWire({ apps: [{ label: 'Keyed', org: 'Acme', clientId: KEYED, callbackUrls, ...policies }] })
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

const url = (): string => wire.sim.org().url

function assertionOf(changes: Partial<SamlBearerAssertionOptions> = {}): string {
  return buildSamlBearerAssertion({
    issuer: KEYED,
    username: 'ada@acme.example',
    audience: url(),
    recipient: `${url()}/services/oauth2/token`,
    privateKey,
    now: () => wire.sim.clock.now(),
    ...changes,
  })
}

function tokensOf(assertion: string = assertionOf()): Promise<TokenSet> {
  return samlBearer(wire.endpoint({ clientId: KEYED }), { assertion })
}

describe('a SAML assertion is traded', () => {
  it('with one POST of the assertion in base64url, and nothing about the client', async () => {
    const assertion = assertionOf()
    await tokensOf(assertion)
    expect(lastSent(wire)).toEqual({
      method: 'POST',
      origin: url(),
      target: '/services/oauth2/token',
      redirect: 'manual',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      form: {
        grant_type: 'urn:ietf:params:oauth:grant-type:saml2-bearer',
        assertion: Buffer.from(assertion).toString('base64url'),
        format: 'json',
      },
    })
  })

  it('for an access token of that user, with neither refresh token nor times', async () => {
    const { sim } = wire
    const tokens = await tokensOf()
    expect(tokens).toEqual({
      accessToken: expect.stringMatching(/^00D[A-Za-z0-9]{12}![A-Za-z0-9._]{96}$/),
      tokenType: 'Bearer',
      instanceUrl: url(),
      identity: { orgId: sim.org().id, userId: expect.stringMatching(/^005\w{15}$/) },
      identityUrl: expect.stringMatching(`/id/${sim.org().id}/005`),
      scope: expect.arrayContaining(['api']),
      expirySource: 'unknown',
    })
    expect(sim.tokenState(tokens.accessToken)).toBe('active')
  })

  it.each(['base64', 'base64url'] as const)('also when it comes in %s', async (encoding) => {
    const xml = assertionOf()
    await tokensOf(Buffer.from(xml).toString(encoding))
    expect(lastSent(wire).form['assertion']).toBe(Buffer.from(xml).toString('base64url'))
  })

  it('when it has the token endpoint as its audience, as one page of the documentation shows it', async () => {
    expect(await tokensOf(assertionOf({ audience: `${url()}/services/oauth2/token` }))).toHaveProperty('accessToken')
  })
})

describe('nothing is sent for', () => {
  it.each([
    [
      'a SAML Response',
      '<samlp:Response xmlns:samlp="x"><saml:Assertion/></samlp:Response>',
      /this is a SAML Response/,
    ],
    ['another document', '<html><body>Log in</body></html>', /something else/],
    ['a JWT', 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln', /something else/],
    ['no text', '', /something else/],
  ])('%s', async (_, assertion, message) => {
    const before = wire.sent.length
    const error = await failureOf(tokensOf(assertion))
    expect(error).toMatchObject({ code: 'token/assertion-invalid', hint: expect.stringContaining('@orgpass/saml') })
    expect(error).toHaveProperty('message', expect.stringMatching(message))
    expect(wire.sent).toHaveLength(before)
  })
})

describe('a refusal that a policy provokes is named', () => {
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const elsewhere = 'https://example.com'

  it.each([
    ['a foreign key', () => tokensOf(assertionOf({ privateKey: stranger })), 'oauth/invalid_grant'],
    ['another audience', () => tokensOf(assertionOf({ audience: elsewhere })), 'oauth/invalid_grant'],
    ['another recipient', () => tokensOf(assertionOf({ recipient: elsewhere })), 'oauth/invalid_grant'],
    ['a stale assertion', () => tokensOf(assertionOf({ now: () => Date.now() - 3_600_000 })), 'oauth/invalid_grant'],
    ['a changed assertion', () => tokensOf(assertionOf().replace('ada@', 'grace@')), 'oauth/invalid_grant'],
    ['an unknown app', () => tokensOf(assertionOf({ issuer: '3MVG9nobody' })), 'oauth/invalid_client_id'],
    ['a user who may not', () => tokensOf(assertionOf({ username: 'alan@acme.example' })), 'oauth/invalid_app_access'],
    ['a disabled flow', disabled, 'oauth/oauth_flow_disabled'],
  ] as const)('%s', async (_, act, code) => {
    const error = await oauthFailure(act())
    expect(error).toMatchObject({ code, httpStatus: 400, retryable: false })
    expect(error.hint).toMatch(/\w{4}/)
  })

  function disabled(): Promise<TokenSet> {
    wire.sim.updateApp(KEYED, { flows: { samlBearer: false } })
    return tokensOf()
  }
})

describe('every documented refusal has its code, hint and verdict', () => {
  it.each([
    refusal('oauth/invalid_grant', 'Audience validation failed', { hint: /audience/i }),
    refusal('oauth/invalid_grant', 'invalid assertion', { hint: /certificate/ }),
    ...assertionRefusals,
  ])('$error: $description', async ({ error, description, code, ...verdict }) => {
    wire.sim.faults.next('token', { error, description })
    const failure = await oauthFailure(tokensOf())
    expect(failure).toMatchObject({ code, error, description, httpStatus: 400 })
    expect(failure.hint).toMatch(verdict.hint)
    expect([failure.needsLogin, failure.retryable]).toEqual([verdict.needsLogin ?? false, verdict.retryable ?? false])
  })
})

describe('a breakdown is a transport error', () => {
  it.each(breakdowns)('when the server $name', async ({ listener, code, retryable }) => {
    await using server = await listenBriefly(listener)
    const endpoint = wire.endpoint({ base: server.url, timeout: 300 })
    const error = await transportFailure(samlBearer(endpoint, { assertion: assertionOf() }))
    expect(error).toMatchObject({ code, retryable, sent: true })
  })
})
