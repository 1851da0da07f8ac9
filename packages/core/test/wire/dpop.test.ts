import { inspect } from 'node:util'
import {
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  EmbeddedJWK,
  exportJWK,
  generateKeyPair,
  jwtVerify,
} from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { pkceChallenge, randomSecret, sha256 } from '../../src/crypto/pkce.ts'
import {
  authorizationCode,
  clientCredentials,
  hybridAuthCode,
  hybridRefresh,
  refreshToken,
  usernamePassword,
} from '../../src/flows/index.ts'
import { createDpopKey, openTokenEndpoint } from '../../src/index.ts'
import type { LogEvent, TokenEndpoint, TokenSet } from '../../src/index.ts'
import { clientSecretPost } from '../../src/oauth/client-authentication.ts'
import { authorizationUrl } from '../../src/oauth/authorization-url.ts'
import type { KeyPair } from '../../src/index.ts'
import { listenBriefly } from './breakdowns.ts'
import { connectWith } from './connected.ts'
import { recordFetch } from './recording-fetch.ts'
import { failureOf, oauthFailure } from './refusals.ts'
import { openWire, REDIRECT_URI } from './wire.ts'
import type { Wire } from './wire.ts'

let wire: Wire
let key: Awaited<ReturnType<typeof createDpopKey>>
const { fetch, sent } = recordFetch()
const log: LogEvent[] = []
const logger = (event: LogEvent): void => void log.push(event)

beforeAll(async () => {
  wire = await openWire()
  key = await createDpopKey()
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

const sim = () => wire.sim
const demandNonces = () => sim().updateApp(sim().app().clientId, { dpopNonce: true })

function endpointWith(dpopKey: KeyPair = key, base: string = sim().org().url): TokenEndpoint {
  const { clientId, clientSecret } = sim().app()
  const clientAuthentication = clientSecretPost(clientSecret)
  const now = (): number => sim().clock.now()
  const dpop = { key: dpopKey }
  return openTokenEndpoint({ loginUrl: base, clientId, clientAuthentication, dpop, fetch, now, logger })
}

async function tokensOf(endpoint: TokenEndpoint = endpointWith()): Promise<TokenSet> {
  const codeVerifier = randomSecret()
  const dpopThumbprint = await endpoint.client.dpop?.thumbprint()
  const url = authorizationUrl(endpoint.login, {
    clientId: endpoint.client.clientId,
    redirectUri: REDIRECT_URI,
    scope: ['openid', 'id', 'api', 'refresh_token'],
    state: 'state-1',
    codeChallenge: await pkceChallenge(codeVerifier),
    ...(dpopThumbprint !== undefined && { dpopThumbprint }),
  })
  const callback = await sim().signIn(url, { username: 'ada@acme.example' })
  const code = callback.searchParams.get('code') ?? ''
  return authorizationCode(endpoint, { code, redirectUri: REDIRECT_URI, codeVerifier })
}

const proofs = (from = 0): string[] => sent.slice(from).map(({ headers }) => headers['dpop'] ?? '')

describe('a proof', () => {
  it('of a token request names its method, address and moment, and shows the public key alone', async () => {
    const from = sent.length
    await tokensOf()
    const [proof = ''] = proofs(from)
    const { x, y } = key
    expect(decodeProtectedHeader(proof)).toEqual({
      alg: 'ES256',
      typ: 'dpop+jwt',
      jwk: { kty: 'EC', crv: 'P-256', x, y },
    })
    const claims = decodeJwt(proof)
    expect(claims).toEqual({
      htm: 'POST',
      htu: `${sim().org().url}/services/oauth2/token`,
      iat: expect.any(Number),
      jti: expect.stringMatching(/^[\w-]{36}$/),
    })
    expect(Math.abs((claims.iat ?? 0) * 1000 - sim().clock.now())).toBeLessThan(20_000)
    await jwtVerify(proof, EmbeddedJWK)
  })

  it('is made with a WebCrypto pair as well', async () => {
    const pair = await generateKeyPair('ES256')
    const tokens = await tokensOf(endpointWith(pair))
    expect(tokens.tokenType).toBe('DPoP')
    const thumbprint = await endpointWith(pair).client.dpop?.thumbprint()
    expect(thumbprint).toBe(await calculateJwkThumbprint(await exportJWK(pair.publicKey)))
  })

  it.each([
    ['RSA', async () => exportJWK((await generateKeyPair('RS256', { extractable: true })).privateKey)],
    ['another curve', async () => exportJWK((await generateKeyPair('ES384', { extractable: true })).privateKey)],
    ['a public key', async () => exportJWK((await generateKeyPair('ES256')).publicKey)],
  ])('is not made with %s', async (_, makeKey) => {
    const jwk = await makeKey()
    expect(() => endpointWith(jwk)).toThrow(/^dpop\.key: is not a private key on P-256\.$/)
  })
})

describe('tokens are bound to the key', () => {
  it('from the code on, and a refresh needs it again', async () => {
    const tokens = await tokensOf()
    expect(tokens.tokenType).toBe('DPoP')
    const spent = tokens.refreshToken ?? ''
    const from = sent.length
    expect(await refreshToken(endpointWith(), spent)).toMatchObject({ tokenType: 'DPoP' })
    expect(decodeJwt(proofs(from)[0] ?? '')).not.toHaveProperty('ath')
    expect((await oauthFailure(refreshToken(endpointWith(await createDpopKey()), spent))).httpStatus).toBe(400)
    expect((await oauthFailure(refreshToken(wire.endpoint(), spent))).httpStatus).toBe(400)
  })

  it('and no proof is sent without one', async () => {
    const { tokenType } = await wire.tokens()
    expect(tokenType).toBe('Bearer')
    expect(wire.sent.every(({ headers }) => headers['dpop'] === undefined)).toBe(true)
  })
})

describe('an answer that is not bound, though a proof was sent,', () => {
  const unbound = { access_token: '00D!planted', refresh_token: '5AepPlanted', instance_url: 'http://localhost:1' }
  const answering = async (more: Record<string, string>) => {
    let revocations = 0
    const server = await listenBriefly((req, res) => {
      if (req.url?.endsWith('/revoke')) res.on('finish', () => (revocations += 1))
      res.end(JSON.stringify({ ...unbound, ...more }))
    })
    return Object.assign(server, { revocations: () => revocations })
  }
  const logged = (): LogEvent[] => log.filter(({ event }) => event === 'refresh/not-bound')

  it.each<[string, (endpoint: TokenEndpoint) => Promise<unknown>]>([
    ['a code', (endpoint) => authorizationCode(endpoint, { code: 'c', redirectUri: REDIRECT_URI, codeVerifier: 'v' })],
    [
      'a hybrid code',
      (endpoint) => hybridAuthCode(endpoint, { code: 'c', redirectUri: REDIRECT_URI, codeVerifier: 'v' }),
    ],
    ['the client credentials', (endpoint) => clientCredentials(endpoint)],
    ['a password', (endpoint) => usernamePassword(endpoint, { username: 'u', password: 'p' })],
  ])('is refused when it is for %s: the same can be asked again', async (_, grant) => {
    for (const type of [{ token_type: 'Bearer' }, {}] as Record<string, string>[]) {
      await using server = await answering(type)
      const error = await failureOf(grant(endpointWith(key, server.url)))
      expect(error).toMatchObject({ code: 'token/not-bound', status: 502, hint: expect.stringMatching(/Setup/) })
      expect(inspect(error, { depth: 10 })).not.toMatch(/planted/i)
      await expect.poll(server.revocations).toBe(1)
    }
  })

  it.each([
    ['refresh_token', refreshToken],
    ['hybrid_refresh', hybridRefresh],
  ])('is kept after a %s, whose new refresh token would be lost, with a warning', async (_, refresh) => {
    log.length = 0
    await using server = await answering({ token_type: 'Bearer' })
    const tokens = await refresh(endpointWith(key, server.url), '5AepOld')
    expect(tokens).toMatchObject({ tokenType: 'Bearer', refreshToken: '5AepPlanted' })
    expect(logged()).toEqual([
      { level: 'warn', event: 'refresh/not-bound', message: expect.stringMatching(/not bound.*logs in again/) },
    ])
    expect(JSON.stringify(log)).not.toMatch(/planted|5AepOld/i)
  })

  it('comes from Salesforce for a login older than the option', async () => {
    log.length = 0
    const { refreshToken: old = '' } = await wire.tokens()
    expect(await refreshToken(endpointWith(), old)).toMatchObject({ tokenType: 'Bearer' })
    expect(logged()).toHaveLength(1)
  })

  it('is what an endpoint without the option wants, and nothing is said', async () => {
    wire.log.length = 0
    await using server = await answering({ token_type: 'Bearer' })
    expect(await clientCredentials(wire.endpoint({ base: server.url }))).toMatchObject({ tokenType: 'Bearer' })
    await refreshToken(wire.endpoint({ base: server.url }), '5AepOld')
    expect(wire.log).toEqual([])
  })
})

describe('a nonce that the server asks for', () => {
  it('is put into a second proof, once, and into all later ones', async () => {
    demandNonces()
    const endpoint = endpointWith()
    const from = sent.length
    const tokens = await tokensOf(endpoint)
    const [first, second, ...more] = proofs(from).map((proof) => decodeJwt(proof))
    expect(more).toEqual([])
    expect(first).not.toHaveProperty('nonce')
    expect(second).toMatchObject({ nonce: expect.any(String) })
    expect(second?.jti).not.toBe(first?.jti)
    const later = sent.length
    await refreshToken(endpoint, tokens.refreshToken ?? '')
    expect(decodeJwt(proofs(later)[0] ?? '')).toHaveProperty('nonce')
  })

  it('over and over is refused in the end, with two requests in all', async () => {
    let asked = 0
    await using server = await listenBriefly((_req, res) => {
      res.writeHead(400, { 'dpop-nonce': `nonce-${++asked}` }).end('{"error":"use_dpop_nonce"}')
    })
    const error = await oauthFailure(refreshToken(endpointWith(key, server.url), '5AepX'))
    expect(error).toMatchObject({ code: 'oauth/use_dpop_nonce', httpStatus: 400 })
    expect(asked).toBe(2)
  })

  it('is not asked for by another refusal, or by one that brings no nonce', async () => {
    let asked = 0
    const answers = [
      { headers: { 'dpop-nonce': 'n1' }, body: '{"error":"invalid_grant"}' },
      { headers: {}, body: '{"error":"use_dpop_nonce"}' },
    ]
    await using server = await listenBriefly((_req, res) => {
      const { headers, body } = answers[asked++] ?? { headers: {}, body: '' }
      res.writeHead(400, headers).end(body)
    })
    const endpoint = endpointWith(key, server.url)
    expect(await oauthFailure(refreshToken(endpoint, '5AepX'))).toMatchObject({ code: 'oauth/invalid_grant' })
    expect(await oauthFailure(refreshToken(endpoint, '5AepX'))).toMatchObject({ code: 'oauth/use_dpop_nonce' })
    expect(asked).toBe(2)
  })
})

describe('a call with a bound token', () => {
  const connect = async () => {
    const endpoint = endpointWith()
    return connectWith(endpoint, await tokensOf(endpoint))
  }
  const limits = '/services/data/v64.0/limits?a=1'

  it('shows the token and a proof for exactly this call', async () => {
    const { connection, tokens } = await connect()
    const from = sent.length
    expect((await connection.fetch(limits)).status).toBe(200)
    const [request] = sent.slice(from)
    expect(request?.headers['authorization']).toBe(`DPoP ${tokens().accessToken}`)
    expect(decodeJwt(request?.headers['dpop'] ?? '')).toMatchObject({
      htm: 'GET',
      htu: `${sim().org().instanceUrl}/services/data/v64.0/limits`,
      ath: await sha256(tokens().accessToken),
    })
  })

  it('is repeated once with the nonce asked for, body and all', async () => {
    const { connection } = await connect()
    demandNonces()
    const from = sent.length
    const body = JSON.stringify({ Name: 'Bound Ltd' })
    const headers = { 'content-type': 'application/json' }
    const response = await connection.fetch('/services/data/v64.0/sobjects/Account', { method: 'post', headers, body })
    expect(response.status).toBe(201)
    expect(proofs(from).map((proof) => decodeJwt(proof)['htm'])).toEqual(['POST', 'POST'])
    expect(sent.slice(from).map(({ json }) => json)).toEqual([{ Name: 'Bound Ltd' }, { Name: 'Bound Ltd' }])
  })

  it('whose body was a stream says that it must be made again, and works then', async () => {
    const { connection } = await connect()
    demandNonces()
    const create = () => {
      const body = new Response(JSON.stringify({ Name: 'Streamed Ltd' })).body
      const headers = { 'content-type': 'application/octet-stream' }
      return connection.fetch('/services/data/v64.0/sobjects/Account', {
        method: 'POST',
        headers,
        body,
        duplex: 'half',
      } as RequestInit)
    }
    expect(await failureOf(create())).toMatchObject({ code: 'token/body-consumed', retryable: true })
    const from = sent.length
    await create()
    expect(sent.slice(from)).toHaveLength(1)
  })

  it('that dies is renewed and repeated, still bound', async () => {
    const { connection, renewals, tokens } = await connect()
    const before = tokens().accessToken
    sim().expireAccessTokens()
    expect((await connection.fetch(limits)).status).toBe(200)
    expect(renewals()).toBe(1)
    expect(tokens()).toMatchObject({ tokenType: 'DPoP' })
    expect(tokens().accessToken).not.toBe(before)
  })

  describe('to a server that gives a new nonce with every answer', () => {
    const restless = async () => {
      let nonces = 0
      const answered: number[] = []
      const nervous: typeof fetch = async (input, init) => {
        const response = await fetch(input, init)
        const headers = new Headers(response.headers)
        headers.set('dpop-nonce', `nonce-${++nonces}`)
        answered.push(response.status)
        return new Response(response.body, { status: response.status, headers })
      }
      const { clientId, clientSecret } = sim().app()
      const endpoint = openTokenEndpoint({
        loginUrl: sim().org().url,
        clientId,
        clientAuthentication: clientSecretPost(clientSecret),
        dpop: { key },
        fetch: nervous,
        now: () => sim().clock.now(),
        logger,
      })
      const connected = connectWith(endpoint, await tokensOf(endpoint))
      sim().expireAccessTokens()
      answered.length = 0
      return { ...connected, answered }
    }

    it('is not repeated with a dead token', async () => {
      const { connection, renewals, answered } = await restless()
      expect((await connection.fetch(limits)).status).toBe(200)
      expect([renewals(), answered]).toEqual([1, [401, 200, 200]])
    })

    it('renews the dead token also when the body was a stream', async () => {
      const { connection, renewals } = await restless()
      const upload = () => {
        const body = new Response('x').body
        return connection.fetch(limits, { method: 'POST', body, duplex: 'half' } as RequestInit)
      }
      expect(await failureOf(upload())).toMatchObject({
        code: 'token/body-consumed',
        message: expect.stringContaining('token had died'),
      })
      expect(renewals()).toBe(1)
      expect((await upload()).status).not.toBe(401)
      expect(renewals()).toBe(1)
    })
  })

  it('is not made without the key', async () => {
    const endpoint = endpointWith()
    const { connection } = connectWith(wire.endpoint(), await tokensOf(endpoint))
    const before = wire.sent.length
    expect(await failureOf(connection.fetch(limits))).toMatchObject({ code: 'token/dpop-key-missing', status: 500 })
    expect(wire.sent).toHaveLength(before)
  })

  it('is worthless to a thief who has the token alone', async () => {
    const { tokens } = await connect()
    const stolen = { authorization: `Bearer ${tokens().accessToken}` }
    expect((await globalThis.fetch(`${sim().org().instanceUrl}${limits}`, { headers: stolen })).status).toBe(401)
  })
})
