import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { importJWK, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { tokenExchange } from '../../src/flows/index.ts'
import type { TokenExchangeGrant } from '../../src/flows/index.ts'
import { clientSecretPost, openTokenEndpoint, publicClient } from '../../src/index.ts'
import type { TokenSet } from '../../src/index.ts'
import { breakdowns, listenBriefly } from './breakdowns.ts'
import { failureOf, oauthFailure, refusal, assertionRefusals, transportFailure } from './refusals.ts'
import { lastSent, openWire } from './wire.ts'
import type { Wire } from './wire.ts'

const EXCHANGER = '3MVG9exchanging_app'
const SECRET = '1955279925675241571'
const PROVIDER = 'https://idp.example'
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const certificate = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
let wire: Wire

beforeAll(async () => {
  wire = await openWire({
    apps: [
      {
        label: 'Exchanger',
        org: 'Acme',
        clientId: EXCHANGER,
        clientSecret: SECRET,
        callbackUrls: ['http://localhost:3000/auth/callback'],
        scopes: ['openid', 'id', 'api', 'refresh_token', 'web'],
        flows: { tokenExchange: true },
        permittedUsers: 'adminApproved',
        permissionSets: ['Integrations'],
        tokenExchangeHandlers: [
          { name: 'Partner', certificate, issuer: PROVIDER },
          { name: 'Strict', certificate, issuer: 'https://other.example', errorMessage: 'Ask the partner desk.' },
        ],
      },
    ],
  })
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

async function subjectOf(claims: Record<string, unknown> = {}): Promise<string> {
  const key = await importJWK(privateKey.export({ format: 'jwk' }), 'RS256')
  const now = Math.floor(wire.sim.clock.now() / 1000)
  const all = { iss: PROVIDER, sub: 'ada@acme.example', iat: now, exp: now + 300, ...claims }
  return new SignJWT(all).setProtectedHeader({ alg: 'RS256' }).sign(key)
}

async function tokensOf(grant: Partial<TokenExchangeGrant> = {}): Promise<TokenSet> {
  const endpoint = wire.endpoint({ clientId: EXCHANGER })
  return tokenExchange(endpoint, { subjectToken: await subjectOf(), subjectTokenType: 'jwt', ...grant })
}

describe('a token of another provider is exchanged', () => {
  it('with one POST that carries each parameter once', async () => {
    const subjectToken = await subjectOf()
    await tokensOf({ subjectToken, tokenHandler: 'Partner', scope: ['api', 'id'] })
    expect(lastSent(wire)).toEqual({
      method: 'POST',
      origin: wire.sim.org().url,
      target: '/services/oauth2/token',
      redirect: 'manual',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      form: {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: subjectToken,
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        token_handler: 'Partner',
        scope: 'api id',
        client_id: EXCHANGER,
        client_secret: SECRET,
        format: 'json',
      },
    })
  })

  it('without handler and scope when none are named', async () => {
    await tokensOf()
    expect(Object.keys(lastSent(wire).form)).not.toContain('token_handler')
    expect(Object.keys(lastSent(wire).form)).not.toContain('scope')
  })

  it('for tokens of the user whom the handler finds', async () => {
    const { sim } = wire
    const tokens = await tokensOf({ scope: ['api', 'id'] })
    expect(tokens).toMatchObject({
      tokenType: 'Bearer',
      instanceUrl: sim.org().url,
      identity: { orgId: sim.org().id },
      issuedAt: expect.any(Number),
      signature: { value: expect.any(String) },
    })
    expect(new Set(tokens.scope)).toEqual(new Set(['api', 'id']))
    expect(sim.tokenState(tokens.accessToken)).toBe('active')
  })

  it('by a public client where the app asks for no secret', async () => {
    wire.sim.updateApp(EXCHANGER, { secretRequiredForTokenExchange: false })
    const endpoint = wire.endpoint({ clientId: EXCHANGER, authenticate: publicClient() })
    await tokenExchange(endpoint, { subjectToken: await subjectOf(), subjectTokenType: 'jwt' })
    expect(lastSent(wire).form).not.toHaveProperty('client_secret')
  })

  it('for web sessions as well in the hybrid variant', async () => {
    const tokens = await tokensOf({ hybrid: true })
    expect(lastSent(wire).form['grant_type']).toBe('urn:ietf:params:oauth:grant-type:hybrid-token-exchange')
    expect(tokens.hybrid).toBeDefined()
  })

  it('with a SAML assertion in base64url', async () => {
    const xml = '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"></saml:Assertion>'
    await failureOf(tokensOf({ subjectToken: xml, subjectTokenType: 'saml2' }))
    expect(lastSent(wire).form['subject_token']).toBe(Buffer.from(xml).toString('base64url'))
  })
})

describe('nothing is sent', () => {
  it.each(['https://login.salesforce.com', 'https://test.salesforce.com'])('to %s', async (loginUrl) => {
    const fetch = (): never => {
      throw new Error('Something was sent.')
    }
    const clientAuthentication = clientSecretPost(SECRET)
    const endpoint = openTokenEndpoint({ loginUrl, clientId: EXCHANGER, clientAuthentication, fetch })
    const error = await failureOf(tokenExchange(endpoint, { subjectToken: 'x', subjectTokenType: 'jwt' }))
    expect(error).toMatchObject({ code: 'config/invalid', hint: expect.stringContaining('My Domain') })
  })

  it('beyond 10,000 characters, counted as they would be sent', async () => {
    const before = wire.sent.length
    const codes = await Promise.all([
      failureOf(tokensOf({ subjectToken: 'x'.repeat(10_001) })),
      failureOf(tokensOf({ subjectToken: `<Assertion>${'x'.repeat(7_600)}</Assertion>`, subjectTokenType: 'saml2' })),
    ])
    expect(codes).toEqual([
      expect.objectContaining({ code: 'token/subject-too-long', message: expect.stringContaining('10001') }),
      expect.objectContaining({ code: 'token/subject-too-long' }),
    ])
    expect(wire.sent).toHaveLength(before)
    await oauthFailure(tokensOf({ subjectToken: 'x'.repeat(10_000) }))
    expect(wire.sent).toHaveLength(before + 1)
  })
})

describe('a refusal that a policy provokes is named', () => {
  it.each([
    ['an unknown handler', 'oauth/invalid_request', /handler not found/, () => tokensOf({ tokenHandler: 'Nobody' })],
    ['a handler that says no', 'oauth/invalid_request', /partner desk/, () => tokensOf({ tokenHandler: 'Strict' })],
    ['a foreign issuer', 'oauth/invalid_request', /validation failed/, withClaims({ iss: 'https://evil.example' })],
    ['an expired token', 'oauth/invalid_request', /validation failed/, withClaims({ exp: 1 })],
    ['an unknown subject', 'oauth/invalid_request', /./, withClaims({ sub: 'nobody@acme.example' })],
    ['a wrong secret', 'oauth/invalid_client', /invalid client credentials/, withWrongSecret],
    ['a disabled flow', 'oauth/oauth_flow_disabled', /./, disabled],
  ] as const)('%s', async (...[, code, description, act]) => {
    const error = await oauthFailure(act())
    expect(error).toMatchObject({ httpStatus: 400, retryable: false, code })
    expect(error.description).toMatch(description)
    expect(error.hint).toMatch(/\w{4}/)
  })

  function withClaims(claims: Record<string, unknown>): () => Promise<TokenSet> {
    return async () => tokensOf({ subjectToken: await subjectOf(claims) })
  }
  async function withWrongSecret(): Promise<TokenSet> {
    const endpoint = wire.endpoint({ clientId: EXCHANGER, authenticate: clientSecretPost('wrong') })
    return tokenExchange(endpoint, { subjectToken: await subjectOf(), subjectTokenType: 'jwt' })
  }
  function disabled(): Promise<TokenSet> {
    wire.sim.updateApp(EXCHANGER, { flows: { tokenExchange: false } })
    return tokensOf()
  }
})

describe('every documented refusal has its code, hint and verdict', () => {
  it.each([
    refusal('oauth/invalid_request', 'token handler not found', { hint: /handler/ }),
    refusal('oauth/invalid_request', 'token handler validation failed', { hint: /Apex log/ }),
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
    const grant = { subjectToken: 'x', subjectTokenType: 'jwt' } as const
    expect(await transportFailure(tokenExchange(endpoint, grant))).toMatchObject({ code, retryable, sent: true })
  })
})
