import { generateKeyPairSync } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { assetToken } from '../../src/flows/index.ts'
import type { AssetToken } from '../../src/flows/index.ts'
import { actorToken, openKeySource, verifyAccessToken, verifyAssetToken } from '../../src/index.ts'
import type { ActorTokenOptions, ConfigError } from '../../src/index.ts'
import { breakdowns, listenBriefly } from './breakdowns.ts'
import { failureOf, oauthFailure, assertionRefusals, transportFailure } from './refusals.ts'
import { lastSent, openWire } from './wire.ts'
import type { Wire } from './wire.ts'

const AUDIENCE = 'https://devices.acme.example'
const device = { deviceId: 'dev-42', name: 'Boiler', serialNumber: 'SN-0042' }
let wire: Wire

beforeAll(async () => {
  wire = await openWire()
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

const now = (): number => wire.sim.clock.now()
const curve = async () => generateKeyPair('ES256', { extractable: true })

async function register(options: ActorTokenOptions = {}): Promise<AssetToken> {
  const { sim } = wire
  sim.updateApp(sim.app().clientId, { flows: { assetToken: true }, assetTokenAudiences: [AUDIENCE] })
  const { accessToken } = await wire.tokens()
  return assetToken(wire.endpoint(), { accessToken, actorToken: await actorToken(device, { now, ...options }) })
}

const verify = (token: string, changes: { audience?: string; issuer?: string; now?: () => number } = {}) =>
  verifyAssetToken(token, { issuer: wire.sim.org().url, audience: AUDIENCE, keys: openKeySource(), now, ...changes })

describe('an actor token', () => {
  it('describes the device and the Asset, for five minutes, unsigned when the device has no key', async () => {
    const links = { assetId: '02i0000001', accountId: '0010000001', contactId: '0030000001' }
    const claims = { ...device, ...links, fields: { Description: 'In the cellar' } }
    const token = await actorToken(claims, { now: () => 1_790_000_000_000 })
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'none' })
    expect(decodeJwt(token)).toEqual({
      did: 'dev-42',
      Name: 'Boiler',
      SerialNumber: 'SN-0042',
      Id: '02i0000001',
      AccountId: '0010000001',
      ContactId: '0030000001',
      Description: 'In the cellar',
      iat: 1_790_000_000,
      exp: 1_790_000_300,
    })
    expect(token).toMatch(/\.$/)
  })

  it.each([
    ['a JWK on a curve', 'ES256', async () => exportJWK((await curve()).privateKey)],
    ['a WebCrypto pair', 'ES256', curve],
    [
      'an RSA JWK',
      'RS256',
      async () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
    ],
  ])('is signed with %s, and shows its public half alone', async (_, alg, makeKey) => {
    const token = await actorToken(device, { key: await makeKey(), now })
    const { cnf } = decodeJwt<{ cnf: { jwk: Record<string, string> } }>(token)
    expect(Object.keys(cnf.jwk).toSorted()).toEqual(alg === 'ES256' ? ['crv', 'kty', 'x', 'y'] : ['e', 'kty', 'n'])
    expect(decodeProtectedHeader(token)).toEqual({ alg, typ: 'JWT' })
    await jwtVerify(token, await importJWK(cnf.jwk, alg), { currentDate: new Date(now()) })
  })

  it.each(['Id', 'AccountId', 'ContactId', 'id', 'accountid', 'SerialNumber', 'serialnumber', 'Name', 'NAME', 'did'])(
    'does not let %s in among the fields, which would lead past its own option',
    async (name) => {
      const error = await failureOf(actorToken({ ...device, fields: { [name]: '02i0000001' } }, { now }))
      expect(error).toMatchObject({ code: 'config/invalid', faults: [{ option: `fields.${name}` }] })
    },
  )

  it.each(['cnf', 'iss', 'sub', 'aud', 'nbf', 'jti', 'iat', 'exp'])(
    'does not let the claim %s in among the fields, which the device may have said of itself',
    async (name) => {
      const error = await failureOf(actorToken({ ...device, fields: { [name]: 'said' } }, { now }))
      expect(error).toMatchObject({ code: 'config/invalid', faults: [{ option: `fields.${name}` }] })
    },
  )

  it('takes only texts, finite numbers and switches as fields, and names all others', async () => {
    const usable = { Description: '', Price: 0, IsInternal: false }
    expect(decodeJwt(await actorToken({ ...device, fields: usable }, { now }))).toMatchObject(usable)
    const said = { A: { jwk: {} }, B: ['x'], C: null, D: Number.NaN, E: undefined, cnf: { jwk: {} } }
    const error = await failureOf(actorToken({ ...device, fields: { ...usable, ...said } as never }, { now }))
    expect(error).toMatchObject({ code: 'config/invalid' })
    const faults = (error as ConfigError).faults.map(({ option }) => option)
    expect(faults).toEqual(['fields.A', 'fields.B', 'fields.C', 'fields.D', 'fields.E', 'fields.cnf'])
  })

  it.each([
    ['a public key', async () => exportJWK((await curve()).publicKey)],
    ['a symmetric key', async () => ({ kty: 'oct', k: 'c2VjcmV0' })],
    ['an empty object', async () => ({})],
  ])('refuses %s, without repeating it', async (_, makeKey) => {
    const error = await failureOf(actorToken(device, { key: await makeKey() }))
    expect(error).toBeInstanceOf(TypeError)
    expect(String(error)).toMatch(/P-256/)
    expect(String(error)).not.toContain('c2VjcmV0')
  })
})

describe('a device is registered', () => {
  it('with one POST of both tokens, and nothing about the client', async () => {
    const { accessToken } = await wire.tokens()
    const actor = await actorToken(device, { now })
    await failureOf(assetToken(wire.endpoint(), { accessToken, actorToken: actor }))
    expect(lastSent(wire)).toEqual({
      method: 'POST',
      origin: wire.sim.org().url,
      target: '/services/oauth2/token',
      redirect: 'manual',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      form: {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: accessToken,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        actor_token: actor,
        actor_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        format: 'json',
      },
    })
  })

  it('for a token that ends in a minute and names the device', async () => {
    const { token, expiresAt } = await register()
    expect(Math.abs((expiresAt ?? 0) - now() - 60_000)).toBeLessThan(20_000)
    const claims = await verify(token)
    expect(claims).toMatchObject({ deviceId: 'dev-42', raw: { iss: wire.sim.org().url } })
    expect(Math.abs(claims.expiresAt - (expiresAt ?? 0))).toBeLessThan(20_000)
    expect(claims).not.toHaveProperty('deviceKey')
  })

  it('with its own key, which comes back in the token', async () => {
    const { privateKey, publicKey } = await curve()
    const { token } = await register({ key: await exportJWK(privateKey) })
    expect(await verify(token)).toMatchObject({ deviceKey: await exportJWK(publicKey) })
  })
})

it("of a device's key only what is public comes out", async () => {
  const { privateKey, publicKey } = await curve()
  const org = await generateKeyPair('RS256')
  const keys = [{ ...(await exportJWK(org.publicKey)), kid: '264', alg: 'RS256' }]
  await using server = await listenBriefly((_req, res) => void res.end(JSON.stringify({ keys })))
  const publicJwk = { ...(await exportJWK(publicKey)), kid: 'dev-42', alg: 'ES256', use: 'sig' }
  const more = {
    ...(await exportJWK(privateKey)),
    k: 'c2VjcmV0',
    p: 'x',
    oth: [],
    x5u: 'https://evil.example',
    note: 1,
  }
  const signed = (jwk: unknown): Promise<string> =>
    new SignJWT({ iss: server.url, aud: AUDIENCE, did: 'dev-42', cnf: { jwk }, exp: Math.floor(now() / 1000) + 60 })
      .setProtectedHeader({ alg: 'RS256', kid: '264' })
      .sign(org.privateKey)
  const check = async (jwk: unknown) => (await verify(await signed(jwk), { issuer: server.url })).deviceKey
  expect(await check({ ...more, ...publicJwk })).toEqual(publicJwk)
  const { kty, n, e } = await exportJWK(org.publicKey)
  expect(await check({ kty, n, e, d: 'x' })).toEqual({ kty, n, e })
  expect(await check({ kty: 'EC', x: 7, y: ['a'] })).toEqual({ kty: 'EC' })
  for (const none of [{ kty: 'oct', k: 'c2VjcmV0' }, { x: 'a' }, 'text', null, []]) {
    expect(await check(none)).toBeUndefined()
  }
})

describe('an asset token is refused', () => {
  it.each([
    [
      'after its end',
      'token/asset-token-expired',
      async (token: string) => verify(token, { now: () => now() + 91_000 }),
    ],
    [
      'for another audience',
      'token/asset-token-audience',
      async (token: string) => verify(token, { audience: 'https://else.example' }),
    ],
    [
      'of another issuer',
      'token/asset-token-issuer',
      async (token: string) => verify(token, { issuer: 'https://globex.my.salesforce.com' }),
    ],
    [
      'with another signature',
      'token/asset-token-invalid',
      async (token: string) => verify(`${token.slice(0, -8)}AAAAAAAA`),
    ],
    ['when it is an actor token', 'token/asset-token-issuer', async () => verify(await actorToken(device, { now }))],
    ['when it is no JWT', 'token/asset-token-invalid', async () => verify('not-a-token')],
  ])('%s', async (_, code, attempt) => {
    const { token } = await register()
    const error = await failureOf(attempt(token))
    expect(error).toMatchObject({ code, status: 401, hint: expect.stringMatching(/\w{4}/) })
    expect(JSON.stringify(error)).not.toContain(token.slice(-20))
  })

  it('when it was signed with a key of its own maker', async () => {
    const { privateKey } = await generateKeyPair('RS256')
    const claims = { iss: wire.sim.org().url, aud: AUDIENCE, did: 'dev-42', exp: Math.floor(now() / 1000) + 60 }
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'mine' }).sign(privateKey)
    expect(await failureOf(verify(token))).toMatchObject({ code: 'token/asset-token-invalid' })
  })

  it('when it is an access token, as an access token is refused when it is an asset token', async () => {
    const { sim } = wire
    const { token } = await register()
    sim.updateApp(sim.app().clientId, { jwtAccessTokens: true })
    const { accessToken } = await wire.tokens()
    const issuer = sim.org().url
    expect(await failureOf(verify(accessToken, { audience: issuer }))).toMatchObject({
      code: 'token/asset-token-invalid',
    })
    const asAccessToken = verifyAccessToken(token, {
      issuers: [issuer],
      clientIds: [sim.app().clientId],
      audience: AUDIENCE,
      keys: openKeySource(),
      now,
    })
    expect(await failureOf(asAccessToken)).toMatchObject({ code: 'token/access-token-invalid' })
  })
})

describe('a refusal is named', () => {
  it.each([
    [
      'a dead access token',
      async () => assetToken(wire.endpoint(), { accessToken: '00D!dead', actorToken: await actorToken(device) }),
    ],
    ['an app without asset tokens', withoutAssets],
    ['an old actor token', () => register({ now: () => now() - 3_600_000 })],
  ])('%s', async (_, act) => {
    const error = await oauthFailure(act())
    expect(error).toMatchObject({ httpStatus: 400, retryable: false })
    expect(error.hint).toMatch(/\w{4}/)
  })

  async function withoutAssets(): Promise<unknown> {
    const { accessToken } = await wire.tokens()
    return assetToken(wire.endpoint(), { accessToken, actorToken: await actorToken(device, { now }) })
  }

  it.each(assertionRefusals)('$error: $description', async ({ error, description, code, ...verdict }) => {
    wire.sim.faults.next('token', { error, description })
    const attempt = assetToken(wire.endpoint(), { accessToken: 'x', actorToken: 'y' })
    const failure = await oauthFailure(attempt)
    expect(failure).toMatchObject({ code, error, description })
    expect(failure.hint).toMatch(verdict.hint)
    expect([failure.needsLogin, failure.retryable]).toEqual([verdict.needsLogin ?? false, verdict.retryable ?? false])
  })
})

describe('an answer that is no asset token', () => {
  it.each(breakdowns)('is a transport error when the server $name', async ({ listener, code, retryable }) => {
    await using server = await listenBriefly(listener)
    const endpoint = wire.endpoint({ base: server.url, timeout: 300 })
    const error = await transportFailure(assetToken(endpoint, { accessToken: 'x', actorToken: 'y' }))
    expect(error).toMatchObject({ code, retryable, sent: true })
  })

  it.each([{}, { access_token: '00D!opaque' }, { access_token: 7 }, { access_token: 'a.b\n.c' }])(
    '%j is malformed',
    async (answer) => {
      await using server = await listenBriefly((_req, res) => void res.end(JSON.stringify(answer)))
      const attempt = assetToken(wire.endpoint({ base: server.url }), { accessToken: 'x', actorToken: 'y' })
      expect(await failureOf(attempt)).toMatchObject({ code: 'token/malformed-answer' })
    },
  )
})
