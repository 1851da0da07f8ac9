import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import { buildSamlBearerAssertion } from '@orgpass/saml'
import type { SamlBearerAssertionOptions } from '@orgpass/saml'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { samlAssertion } from '../../src/flows/index.ts'
import type { TokenSet } from '../../src/index.ts'
import { listenBriefly } from './breakdowns.ts'
import { failureOf, oauthFailure, refusal, tokenRefusals } from './refusals.ts'
import { lastSent, openWire } from './wire.ts'
import type { Wire } from './wire.ts'

const PROVIDER = 'https://idp.example'
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const certificate = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
let wire: Wire

beforeAll(async () => {
  const users = [{ username: 'sam@sso.example' }]
  wire = await openWire({ orgs: [{ name: 'Sso', users, identityProvider: { issuer: PROVIDER, certificate } }] })
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

const url = (): string => wire.sim.org('Sso').url

/** What an identity provider posts to the browser: a response around a signed assertion. */
function responseOf(changes: Partial<SamlBearerAssertionOptions> = {}): string {
  const assertion = buildSamlBearerAssertion({
    issuer: PROVIDER,
    username: 'sam@sso.example',
    audience: url(),
    recipient: `${url()}/services/oauth2/token`,
    privateKey,
    now: () => wire.sim.clock.now(),
    ...changes,
  })
  const instant = new Date(wire.sim.clock.now()).toISOString()
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r1" Version="2.0"',
    ` IssueInstant="${instant}" Destination="${url()}/services/oauth2/token">`,
    `<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${PROVIDER}</saml:Issuer>`,
    '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>',
    `${assertion}</samlp:Response>`,
  ].join('')
}

function tokensOf(response: string = responseOf()): Promise<TokenSet> {
  return samlAssertion(wire.endpoint({ base: url() }), { response })
}

describe('a SAML response is traded', () => {
  it('with one POST of the response in plain base64, and nothing about a client', async () => {
    const response = responseOf()
    await tokensOf(response)
    expect(lastSent(wire)).toEqual({
      method: 'POST',
      origin: url(),
      target: '/services/oauth2/token',
      redirect: 'manual',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      form: {
        grant_type: 'assertion',
        assertion_type: 'urn:oasis:names:tc:SAML:2.0:profiles:SSO:browser',
        assertion: Buffer.from(response).toString('base64'),
        format: 'json',
      },
    })
  })

  it('for an access token of that user, without a refresh token', async () => {
    const tokens = await tokensOf()
    expect(tokens).toMatchObject({ tokenType: 'Bearer', instanceUrl: url(), expirySource: 'unknown' })
    expect(tokens.identity?.orgId).toBe(wire.sim.org('Sso').id)
    expect(tokens).not.toHaveProperty('refreshToken')
  })

  it.each(['base64', 'base64url'] as const)('also when it comes in %s', async (encoding) => {
    const xml = responseOf()
    await tokensOf(Buffer.from(xml).toString(encoding))
    expect(lastSent(wire).form['assertion']).toBe(Buffer.from(xml).toString('base64'))
  })
})

it('sends nothing when the assertion stands there without its response', async () => {
  const before = wire.sent.length
  const error = await failureOf(tokensOf('<saml:Assertion xmlns:saml="x"/>'))
  expect(error).toMatchObject({ code: 'token/assertion-invalid', hint: expect.stringContaining('whole Response') })
  expect(wire.sent).toHaveLength(before)
})

describe('a refusal that a policy provokes is named', () => {
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

  it.each([
    ['a foreign key', () => tokensOf(responseOf({ privateKey: stranger }))],
    ['another audience', () => tokensOf(responseOf({ audience: 'https://example.com' }))],
    ['a stale response', () => tokensOf(responseOf({ now: () => Date.now() - 3_600_000 }))],
    ['an unknown user', () => tokensOf(responseOf({ username: 'nobody@sso.example' }))],
    ['an org without a provider', () => samlAssertion(wire.endpoint(), { response: responseOf() })],
  ])('%s', async (_, act) => {
    const error = await oauthFailure(act())
    expect(error).toMatchObject({ code: 'oauth/invalid_grant', httpStatus: 400, retryable: false })
    expect(error.hint).toMatch(/\w{4}/)
  })
})

describe('the page that a refusal names', () => {
  const page = 'https://acme.my.salesforce.com/setup/secur/SAMLValidationPage.apexp'
  const refusalWith = async (error_uri: unknown) => {
    const body = JSON.stringify({ error: 'invalid_grant', error_description: 'invalid assertion', error_uri })
    await using server = await listenBriefly((_req, res) => void res.writeHead(400).end(body))
    const endpoint = wire.endpoint({ base: server.url })
    return await oauthFailure(samlAssertion(endpoint, { response: responseOf() }))
  }

  it.each([
    [page, page],
    ['https://acme.my.salesforce-setup.com/x y\n', 'https://acme.my.salesforce-setup.com/x%20y'],
  ])('%s is on the error', async (uri, href) => {
    expect((await refusalWith(uri)).errorUri).toBe(href)
  })

  it.each([
    undefined,
    7,
    'SAMLValidationPage.apexp',
    'javascript:alert(1)',
    page.replace('https:', 'http:'),
    page.replace('https://', 'https://salesforce.com@evil.example/'),
    page.replace('https://', 'https://user:pass@'),
    page.replace('.com/', '.com:8443/'),
    page.replace('.com/', '.com.evil.example/'),
    page.replace('acme.my.salesforce', 'evilsalesforce'),
    'https://acme.my.site.com/login',
    `${page}?x=00D000000000001!AQEAQplanted_token_00000`,
    `${page}?x=00D000000000001%21AQEAQplanted_token_00000`,
    `${page}?access%5Ftoken=planted`,
    `${page}?x=Bearer%2520planted_token_00000`,
    `${page}?x=e%79JplantedJplantedJ`,
    `${page}?x=%E0%planted`,
    `${page}?${'x'.repeat(2_000)}`,
  ])('%s is left out', async (uri) => {
    const error = await refusalWith(uri)
    expect(error.code).toBe('oauth/invalid_grant')
    expect(error.errorUri).toBeUndefined()
    expect(inspect(error)).not.toMatch(/evil|planted|javascript/)
  })
})

describe('every documented refusal has its code, hint and verdict', () => {
  it.each([
    refusal('oauth/invalid_assertion_type', 'invalid assertion type', { hint: /./ }),
    refusal('oauth/invalid_grant', 'invalid assertion', { hint: /./ }),
    ...tokenRefusals,
  ])('$error: $description', async ({ error, description, code, ...verdict }) => {
    wire.sim.faults.next('token', { error, description })
    const failure = await oauthFailure(tokensOf())
    expect(failure).toMatchObject({ code, error, description, httpStatus: 400 })
    expect(failure.hint).toMatch(verdict.hint)
    expect([failure.needsLogin, failure.retryable]).toEqual([verdict.needsLogin ?? false, verdict.retryable ?? false])
  })
})
