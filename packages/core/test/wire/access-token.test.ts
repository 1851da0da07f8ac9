import fc from 'fast-check'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openKeySource, TokenError, verifyAccessToken } from '../../src/index.ts'
import type { AccessTokenClaims, AccessTokenExpectation } from '../../src/index.ts'
import { listenBriefly } from './breakdowns.ts'
import { failureOf } from './refusals.ts'
import { openWire } from './wire.ts'
import type { Wire } from './wire.ts'

let wire: Wire

beforeAll(async () => {
  wire = await openWire()
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

const now = (): number => wire.sim.clock.now()

async function jwtToken(): Promise<string> {
  const { sim } = wire
  sim.updateApp(sim.app().clientId, { jwtAccessTokens: true })
  return (await wire.tokens()).accessToken
}

function verify(token: string, changes: Partial<AccessTokenExpectation> = {}): Promise<AccessTokenClaims> {
  const { sim } = wire
  const usual = { issuers: [sim.org().url], clientIds: [sim.app().clientId], keys: openKeySource(), now }
  return verifyAccessToken(token, { ...usual, ...changes })
}

describe('a JWT access token is verified', () => {
  it('locally: who, which org, which app, which scopes, how long', async () => {
    const { sim } = wire
    const token = await jwtToken()
    const before = sim.requests.length
    const claims = await verify(token)
    expect(claims).toEqual({
      issuer: sim.org().url,
      orgId: sim.org().id,
      userId: expect.stringMatching(/^005\w{15}$/),
      clientId: sim.app().clientId,
      scope: expect.arrayContaining(['api']),
      expiresAt: expect.any(Number),
      issuedAt: expect.any(Number),
      raw: expect.objectContaining({ iss: sim.org().url }),
    })
    expect(Math.abs(claims.expiresAt - now() - 30 * 60_000)).toBeLessThan(20_000)
    expect(sim.requests.slice(before).map(({ path }) => path)).toEqual(['/id/keys'])
  })

  it('with keys that are fetched once for many tokens', async () => {
    const keys = openKeySource()
    const token = await jwtToken()
    const before = wire.sim.requests.length
    await Promise.all(Array.from({ length: 20 }, () => verify(token, { keys })))
    expect(wire.sim.requests.slice(before)).toHaveLength(1)
  })

  it('when its issuer is written with a slash at the end', async () => {
    expect(
      await verify(await jwtToken(), { issuers: ['https://else.example', `${wire.sim.org().url}/`] }),
    ).toBeDefined()
  })

  it('thirty seconds past its end, and not later', async () => {
    const token = await jwtToken()
    const { expiresAt } = await verify(token)
    expect(await verify(token, { now: () => expiresAt + 29_000 })).toBeDefined()
    expect(await failureOf(verify(token, { now: () => expiresAt + 31_000 }))).toMatchObject({
      code: 'token/access-token-expired',
      status: 401,
    })
  })
})

describe('a token is refused', () => {
  it.each([
    ['of an issuer that is not expected', { issuers: ['https://globex.my.salesforce.com'] }, 'issuer'],
    ['when nobody is expected', { issuers: [] }, 'issuer'],
    ['for another audience', { audience: 'https://else.example' }, 'audience'],
  ])('%s, without asking anybody', async (_, changes, fault) => {
    const token = await jwtToken()
    expect(await failureOf(verify(token, changes))).toMatchObject({ code: `token/access-token-${fault}`, status: 401 })
  })

  it.each([
    ['an ID token', async () => (await wire.tokens()).idToken ?? '', 'audience'],
    ['an opaque access token', async () => (await wire.tokens()).accessToken, 'invalid'],
    ['no token', async () => 'not-a-token', 'invalid'],
    ['a JWT whose end was moved', async () => withLaterEnd(await jwtToken()), 'invalid'],
  ])('when it is %s', async (_, make, fault) => {
    const token = await make()
    const error = await failureOf(verify(token))
    expect(error).toMatchObject({ code: `token/access-token-${fault}` })
    expect(JSON.stringify(error)).not.toContain(token.slice(-30))
  })

  it('when it is an ID token, even for an audience that it has', async () => {
    const { idToken = '' } = await wire.tokens()
    const audience = wire.sim.app().clientId
    expect(await failureOf(verify(idToken, { audience }))).toMatchObject({ code: 'token/access-token-invalid' })
  })

  it('issued to another app of the org, however valid, without repeating it', async () => {
    const token = await jwtToken()
    const error = await failureOf(verify(token, { clientIds: ['3MVG9another_app', '3MVG9one_more'] }))
    expect(error).toMatchObject({ code: 'token/access-token-audience', status: 401 })
    expect(error).toMatchObject({ hint: expect.stringMatching(/clientIds/) })
    expect(JSON.stringify(error)).not.toContain(token.slice(-30))
  })

  it('never by the keys of an address in the token', async () => {
    let asked = 0
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    const jwk = { ...(await exportJWK(publicKey)), kid: 'CORE_ATJWT.00Dxx0000001gER.1', alg: 'RS256' }
    await using thief = await listenBriefly((_req, res) => {
      asked += 1
      res.end(JSON.stringify({ keys: [jwk] }))
    })
    const header = { alg: 'RS256', kid: jwk.kid, tty: 'sfdc-core-token', jku: `${thief.url}/id/keys`, jwk }
    const claims = { iss: thief.url, aud: thief.url, exp: Math.floor(now() / 1000) + 60 }
    const token = await new SignJWT(claims).setProtectedHeader(header).sign(privateKey)
    expect(await failureOf(verify(token))).toMatchObject({ code: 'token/access-token-issuer' })
    const posing = await new SignJWT({ ...claims, iss: wire.sim.org().url, aud: wire.sim.org().url })
      .setProtectedHeader(header)
      .sign(privateKey)
    expect(await failureOf(verify(posing))).toMatchObject({ code: 'token/access-token-invalid' })
    expect(asked).toBe(0)
  })

  it.each([
    ['another family of keys', { kid: '264' }],
    ['another kind of token', { tty: 'sfdc-other-token' }],
    ['no kind', { tty: undefined }],
    ['another org than that of the key', { tnk: 'core/prod/00DB0000000TfcRMAS' }],
  ])('signed by the org itself, but with %s', async (_, changes) => {
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    const right = {
      alg: 'RS256',
      kid: 'CORE_ATJWT.00Dx0000000BV7z.1',
      tty: 'sfdc-core-token',
      tnk: 'core/prod/00Dx0000000BV7zEAG',
    }
    const header = { ...right, ...changes }
    const publicJwk = await exportJWK(publicKey)
    const keySet = [...new Set([right.kid, header.kid])].map((kid) => ({ ...publicJwk, kid, alg: 'RS256' }))
    await using org = await listenBriefly((_req, res) => void res.end(JSON.stringify({ keys: keySet })))
    const clientId = '3MVG9of_this_api'
    const exp = Math.floor(now() / 1000) + 60
    const claims = { iss: org.url, aud: [org.url], exp, scp: 'api id', client_id: clientId }
    const sign = (protectedHeader: typeof right) =>
      new SignJWT(claims).setProtectedHeader(protectedHeader).sign(privateKey)
    const check = (token: string) =>
      verifyAccessToken(token, { issuers: [org.url], clientIds: [clientId], keys: openKeySource(), now })
    expect(await check(await sign(right))).toMatchObject({ orgId: '00Dx0000000BV7zEAG', scope: ['api', 'id'] })
    const wrong = Object.fromEntries(Object.entries(header).filter(([, value]) => value !== undefined)) as typeof right
    expect(await failureOf(check(await sign(wrong)))).toMatchObject({ code: 'token/access-token-invalid' })
  })
})

describe('the app that a token was issued to', () => {
  async function claimsSignedWith(clientId: unknown): Promise<AccessTokenClaims> {
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    const kid = 'CORE_ATJWT.00Dx0000000BV7z.1'
    const keys = [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256' }]
    await using org = await listenBriefly((_req, res) => void res.end(JSON.stringify({ keys })))
    const claims = { iss: org.url, aud: org.url, exp: Math.floor(now() / 1000) + 60, client_id: clientId }
    const header = { alg: 'RS256', kid, tty: 'sfdc-core-token' }
    const token = await new SignJWT(claims).setProtectedHeader(header).sign(privateKey)
    return await verify(token, { issuers: [org.url], clientIds: ['3MVG9one', '3MVG9two'] })
  }

  it('is one of those listed', async () => {
    expect(await claimsSignedWith('3MVG9two')).toMatchObject({ clientId: '3MVG9two' })
  })

  it.each([[undefined], [''], ['3MVG9'], ['3mvg9one'], ['3MVG9one '], [['3MVG9one']], [null], [7]])(
    'is not %j, or the token is refused',
    async (clientId) => {
      expect(await failureOf(claimsSignedWith(clientId))).toMatchObject({
        code: 'token/access-token-audience',
        status: 401,
      })
    },
  )

  it.each([
    ['empty', []],
    ['left out', undefined],
    ['a text, in which any part would be found', '3MVG9one'],
    ['a list with an empty text', ['3MVG9one', '']],
  ])('cannot be checked when the list is %s, which is a fault of configuration', async (_, clientIds) => {
    const before = wire.sim.requests.length
    const error = await failureOf(verify('a.b.c', { clientIds } as never))
    expect(error).toMatchObject({ code: 'config/invalid', faults: [{ option: 'clientIds' }] })
    expect(wire.sim.requests).toHaveLength(before)
  })
})

describe('what is wrong with the server is not held against the token', () => {
  it.each([
    [503, '<html></html>', 'net/server-error'],
    [200, '<html></html>', 'net/not-json'],
    [200, '{"keys":"none"}', 'net/not-json'],
  ])('when it answers %i %s in place of keys', async (status, body, code) => {
    await using org = await listenBriefly((_req, res) => void res.writeHead(status).end(body))
    const { privateKey } = await generateKeyPair('RS256')
    const claims = { iss: org.url, aud: org.url, exp: Math.floor(now() / 1000) + 60 }
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(privateKey)
    const attempt = verify(token, { issuers: [org.url] })
    expect(await failureOf(attempt)).toMatchObject({ code, retryable: true })
  })

  it.each(['http://acme.my.salesforce.com', 'acme', 'ftp://localhost'])(
    'and the issuer %s is a fault of configuration',
    async (issuer) => {
      expect(await failureOf(verify('a.b.c', { issuers: [issuer] }))).toMatchObject({ code: 'config/invalid' })
    },
  )
})

it('answers whatever is shown to it with a typed error', async () => {
  const keys = openKeySource({ fetch: () => Promise.reject(new Error('Nobody is asked.')) })
  const part = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
    fc
      .record({ iss: fc.oneof(fc.string(), fc.constant('https://acme.my.salesforce.com')) })
      .map((claims) => Buffer.from(JSON.stringify(claims)).toString('base64url')),
  )
  const shown = fc.oneof(
    fc.string(),
    fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('.')),
  )
  await fc.assert(
    fc.asyncProperty(shown, async (token) => {
      const issuers = ['https://acme.my.salesforce.com']
      const error = await failureOf(verifyAccessToken(token, { issuers, clientIds: ['3MVG9'], keys, now }))
      expect(error).toBeInstanceOf(TokenError)
    }),
    { numRuns: 500 },
  )
})

function withLaterEnd(token: string): string {
  const [header, payload = '', signature] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number }
  const changed = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 3600 })).toString('base64url')
  return [header, changed, signature].join('.')
}
