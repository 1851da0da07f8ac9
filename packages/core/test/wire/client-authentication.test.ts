import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, importPKCS8 } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { authorizationCode } from '../../src/flows/authorization-code.ts'
import { refreshToken } from '../../src/flows/refresh-token.ts'
import { clientSecretBasic, clientSecretPost, introspectToken, privateKeyJwt, publicClient } from '../../src/index.ts'
import type { ClientAuthentication, TokenSet } from '../../src/index.ts'
import { failureOf, oauthFailure } from './refusals.ts'
import { openWire } from './wire.ts'
import type { Wire } from './wire.ts'

const KEYED = '3MVG9keyed_app.with_a_certificate'
const PUBLIC = '3MVG9public_app.without_a_secret'
const callbackUrls = ['http://localhost:3000/auth/callback']
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const certificate = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
let wire: Wire

beforeAll(async () => {
  const open = { secretRequired: false, secretRequiredForRefresh: false }
  wire = await openWire({
    apps: [
      { label: 'Keyed', org: 'Acme', clientId: KEYED, certificate, callbackUrls },
      { label: 'Public', org: 'Acme', clientId: PUBLIC, callbackUrls, ...open },
    ],
  })
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

/** All three calls that prove the client: code, refresh, introspection. */
async function everyCall(clientId: string, authenticate: ClientAuthentication): Promise<TokenSet> {
  const choice = { clientId, authenticate }
  const tokens = await authorizationCode(wire.endpoint(choice), await wire.code({ clientId }))
  await refreshToken(wire.endpoint(choice), tokens.refreshToken ?? '')
  const target = { client: wire.client(choice), base: wire.sim.org().url }
  expect(await introspectToken(target, tokens.accessToken)).toMatchObject({ active: true, clientId })
  return tokens
}

describe('the secret in the body', () => {
  it('proves the client in every call, and no header does', async () => {
    const { clientId, clientSecret } = wire.sim.app()
    await everyCall(clientId, clientSecretPost(clientSecret))
    for (const { form, headers } of wire.sent.slice(-3)) {
      expect(form).toMatchObject({ client_id: clientId, client_secret: clientSecret })
      expect(headers).not.toHaveProperty('authorization')
    }
  })
})

describe('the secret in a Basic header', () => {
  it('proves the client in every call, and nothing of it stands in the body', async () => {
    const { clientId, clientSecret } = wire.sim.app()
    await everyCall(clientId, clientSecretBasic(clientSecret))
    for (const { form, headers } of wire.sent.slice(-3)) {
      expect(headers['authorization']).toBe(`Basic ${btoa(`${clientId}:${clientSecret}`)}`)
      expect(form).not.toHaveProperty('client_id')
      expect(form).not.toHaveProperty('client_secret')
    }
  })

  it('is refused as invalid_basic_auth_header when it is damaged', async () => {
    const damaged: ClientAuthentication = ({ headers }) => headers.set('authorization', 'Basic ???')
    const failure = await oauthFailure(refreshToken(wire.endpoint({ authenticate: damaged }), 'some'))
    expect(failure).toMatchObject({ code: 'oauth/invalid_basic_auth_header', hint: expect.stringMatching(/\w{4}/) })
  })
})

describe('a signed assertion', () => {
  it.each([
    ['PKCS#8', async () => pkcs8],
    ['PKCS#8 on one line, as environments hold it', async () => pkcs8.replaceAll('\n', '\\n')],
    ['PKCS#1', async () => pkcs1],
    ['JWK', async () => privateKey.export({ format: 'jwk' })],
    ['imported', async () => importPKCS8(pkcs8, 'RS256')],
  ])('proves the client in every call with a %s key', async (_, key) => {
    expect(await everyCall(KEYED, privateKeyJwt(await key()))).toMatchObject({ tokenType: 'Bearer' })
  })

  it('is an RS256 JWT of three minutes for the token endpoint, new each time, with no secret beside it', async () => {
    await everyCall(KEYED, privateKeyJwt(pkcs8))
    const calls = wire.sent.slice(-3)
    const claims = calls.map(({ form, headers }) => {
      expect(form).not.toHaveProperty('client_secret')
      expect(headers).not.toHaveProperty('authorization')
      expect(form['client_assertion_type']).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
      expect(decodeProtectedHeader(form['client_assertion'] ?? '')).toEqual({ alg: 'RS256', typ: 'JWT' })
      return decodeJwt(form['client_assertion'] ?? '')
    })
    const aud = `${wire.sim.org().url}/services/oauth2/token`
    const iat = expect.any(Number)
    for (const one of claims) {
      expect(one).toEqual({ iss: KEYED, sub: KEYED, aud, iat, exp: (one.iat ?? 0) + 180, jti: expect.any(String) })
      expect(Math.abs((one.iat ?? 0) * 1000 - wire.sim.clock.now())).toBeLessThan(2_000)
    }
    expect(new Set(claims.map(({ jti }) => jti)).size).toBe(3)
  })

  it.each([
    ['a key the app does not hold', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, KEYED],
    ['an app without a certificate', () => privateKey, undefined],
  ])('is refused as invalid_client with %s', async (_, key, clientId = wire.sim.app().clientId) => {
    const authenticate = privateKeyJwt(key().export({ format: 'jwk' }))
    const failure = await oauthFailure(refreshToken(wire.endpoint({ clientId, authenticate }), 'some'))
    expect(failure).toMatchObject({ code: 'oauth/invalid_client', hint: expect.stringMatching(/Secret|certificate/) })
  })

  it('is refused once this clock is an hour behind', async () => {
    const client = { ...wire.client({ clientId: KEYED, authenticate: privateKeyJwt(pkcs8) }), now: () => Date.now() }
    wire.sim.clock.advance(3_600_000)
    const failure = await oauthFailure(introspectToken({ client, base: wire.sim.org().url }, 'some'))
    expect(failure.code).toBe('oauth/invalid_client')
  })

  it.each([
    [
      'an elliptic key',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ],
    ['a certificate', certificate],
    ['a text', 'no key at all'],
  ])('cannot be made with %s, and nothing is sent', async (_, key) => {
    const before = wire.sent.length
    const failure = await failureOf(refreshToken(wire.endpoint({ authenticate: privateKeyJwt(key) }), 'some'))
    expect(failure).toMatchObject({ code: 'config/invalid', faults: [{ option: 'key' }] })
    expect(String(failure)).not.toContain(key.split('\n')[1] ?? key)
    expect(wire.sent).toHaveLength(before)
  })
})

describe('a public client', () => {
  it('sends its id alone, and its code is protected by PKCE', async () => {
    const tokens = await authorizationCode(
      wire.endpoint({ clientId: PUBLIC, authenticate: publicClient() }),
      await wire.code({ clientId: PUBLIC }),
    )
    await refreshToken(wire.endpoint({ clientId: PUBLIC, authenticate: publicClient() }), tokens.refreshToken ?? '')
    for (const { form, headers } of wire.sent.slice(-2)) {
      expect(form).toMatchObject({ client_id: PUBLIC })
      expect(Object.keys(form)).not.toContain('client_secret')
      expect(headers).not.toHaveProperty('authorization')
    }
  })

  it('is refused by an app that requires its secret', async () => {
    const grant = await wire.code()
    const failure = await oauthFailure(authorizationCode(wire.endpoint({ authenticate: publicClient() }), grant))
    expect(failure).toMatchObject({ code: 'oauth/invalid_client', httpStatus: 400 })
  })
})
