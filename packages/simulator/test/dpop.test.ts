import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { type Answer, authorizeUrl, credentials, logIn, obtainCode } from './login-story.ts'

interface Key {
  privateKey: CryptoKey
  jwk: JWK
  thumbprint: string
}

interface ProofParts {
  method: string
  url: string
  key: Key
  token?: string
  nonce?: string
  claims?: Record<string, unknown>
  header?: Record<string, unknown>
}

let sim: Simulator
let key: Key
let other: Key

async function newKey(alg = 'ES256'): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  const jwk = await exportJWK(publicKey)
  return { privateKey, jwk, thumbprint: await calculateJwkThumbprint(jwk) }
}

beforeAll(async () => {
  key = await newKey()
  other = await newKey()
})

beforeEach(() => {
  sim = createSimulator()
})

let count = 0
async function prove({ method, url, key: by, token, nonce, claims, header }: ProofParts): Promise<string> {
  const ath = token === undefined ? undefined : createHash('sha256').update(token).digest('base64url')
  return new SignJWT({
    htm: method,
    htu: url,
    jti: `j${(count += 1)}`,
    iat: Math.floor(sim.clock.now() / 1000),
    ...(ath !== undefined && { ath }),
    ...(nonce !== undefined && { nonce }),
    ...claims,
  })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: by.jwk, ...header })
    .sign(by.privateKey)
}

interface Result {
  status: number
  body: Answer
  headers: Headers
}

const tokenUrl = (): string => `${sim.org().url}/services/oauth2/token`

async function ask(form: Record<string, string>, proof?: string): Promise<Result> {
  const response = await sim.fetch(
    new Request(tokenUrl(), {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: proof === undefined ? {} : { dpop: proof },
    }),
  )
  return { status: response.status, body: (await response.json()) as Answer, headers: response.headers }
}

const tokenProof = async (parts: Partial<ProofParts> = {}): Promise<string> =>
  prove({ method: 'POST', url: tokenUrl(), key, ...parts })

const boundCode = async (): Promise<Record<string, string>> =>
  obtainCode(sim, { params: { dpop_jkt: key.thumbprint, scope: 'id api refresh_token openid' } })

const boundTokens = async (nonce?: string): Promise<Answer> =>
  (await ask(await boundCode(), await tokenProof(nonce === undefined ? {} : { nonce }))).body

const refreshForm = (token: string | undefined): Record<string, string> => ({
  grant_type: 'refresh_token',
  refresh_token: token ?? '',
  ...credentials(sim),
})

async function call(path: string, { scheme = 'DPoP', token = '', proof = '' }): Promise<Response> {
  const headers = { authorization: `${scheme} ${token}`, ...(proof !== '' && { dpop: proof }) }
  return sim.fetch(new Request(sim.org().url + path, { headers }))
}

describe('DPoP at the token endpoint', () => {
  it('answers token_type DPoP', async () => {
    const { status, body } = await ask(await boundCode(), await tokenProof())
    expect(status).toBe(200)
    expect(body['token_type']).toBe('DPoP')
  })

  it('refuses a bound code without a proof or with another key, and leaves it unspent', async () => {
    const form = await boundCode()
    expect((await ask(form)).body['error']).toBe('invalid_dpop_proof')
    expect((await ask(form, await tokenProof({ key: other }))).body['error']).toBe('invalid_dpop_proof')
    expect((await ask(form, await tokenProof())).status).toBe(200)
  })

  it('binds refresh tokens, through rotation', async () => {
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const first = await boundTokens()
    expect((await ask(refreshForm(first['refresh_token']))).body['error']).toBe('invalid_dpop_proof')
    const wrong = await ask(refreshForm(first['refresh_token']), await tokenProof({ key: other }))
    expect(wrong.body['error']).toBe('invalid_dpop_proof')
    const second = await ask(refreshForm(first['refresh_token']), await tokenProof())
    expect(second.body['token_type']).toBe('DPoP')
    expect((await ask(refreshForm(second.body['refresh_token']))).body['error']).toBe('invalid_dpop_proof')
  })

  it('does not bind what an unbound refresh token gets', async () => {
    const { refresh_token: token } = await logIn(sim)
    const { body } = await ask(refreshForm(token), await tokenProof())
    expect(body['token_type']).toBe('Bearer')
  })

  it.each<[string, () => Promise<string>]>([
    ['for another method', async () => tokenProof({ method: 'GET' })],
    ['for another URL', async () => tokenProof({ url: 'https://login.example/services/oauth2/token' })],
    ['of another type', async () => tokenProof({ header: { typ: 'JWT' } })],
    ['with another key in its header', async () => tokenProof({ header: { jwk: other.jwk } })],
    ['ten minutes old', async () => tokenProof({ claims: { iat: Math.floor(sim.clock.now() / 1000) - 600 } })],
    ['from the future', async () => tokenProof({ claims: { iat: Math.floor(sim.clock.now() / 1000) + 600 } })],
    ['without an id', async () => tokenProof({ claims: { jti: undefined } })],
    ['no JWT', async () => 'proof'],
  ])('refuses a proof that is %s', async (_what, make) => {
    const { status, body } = await ask(await boundCode(), await make())
    expect([status, body['error']]).toEqual([400, 'invalid_dpop_proof'])
  })

  it('takes a proof once', async () => {
    const proof = await tokenProof()
    expect((await ask(await boundCode(), proof)).status).toBe(200)
    expect((await ask(await boundCode(), proof)).body['error']).toBe('invalid_dpop_proof')
  })

  it('does not mind a query in the URL', async () => {
    expect((await ask(await boundCode(), await tokenProof({ url: `${tokenUrl()}?x=1` }))).status).toBe(200)
  })

  it('demands a nonce by policy, and gives it', async () => {
    sim.updateApp(sim.app().clientId, { dpopNonce: true })
    const form = await boundCode()
    const first = await ask(form, await tokenProof())
    expect([first.status, first.body['error']]).toEqual([400, 'use_dpop_nonce'])
    const nonce = first.headers.get('dpop-nonce') ?? ''
    expect((await ask(form, await tokenProof({ nonce }))).status).toBe(200)
    sim.clock.advance(600_000)
    expect((await ask(await boundCode(), await tokenProof({ nonce }))).body['error']).toBe('use_dpop_nonce')
  })

  it('may be required, of signed grants too', async () => {
    sim.updateApp(sim.app().clientId, { dpop: 'required' })
    expect((await ask(await obtainCode(sim))).body['error']).toBe('invalid_dpop_proof')
    const claims = Buffer.from(JSON.stringify({ iss: sim.app().clientId })).toString('base64url')
    const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
    const jwt = await ask({ grant_type: grantType, assertion: `e30.${claims}.x` })
    expect(jwt.body['error']).toBe('invalid_dpop_proof')
  })

  it('is proved for asset tokens, too: by policy, and by the key of a bound subject token', async () => {
    sim.updateApp(sim.app().clientId, { flows: { assetToken: true } })
    const { access_token: bound } = await boundTokens()
    const { access_token: unbound } = await logIn(sim)
    const tokenType = 'urn:ietf:params:oauth:token-type:'
    const form = (token: string | undefined): Record<string, string> => ({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: token ?? '',
      subject_token_type: `${tokenType}access_token`,
      actor_token: `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`,
      actor_token_type: `${tokenType}jwt`,
    })
    expect((await ask(form(bound))).body['error']).toBe('invalid_dpop_proof')
    expect((await ask(form(bound), await tokenProof({ key: other }))).body['error']).toBe('invalid_dpop_proof')
    expect((await ask(form(bound), await tokenProof())).body['token_type']).toBe('Bearer')
    expect((await ask(form(unbound))).status).toBe(200)
    sim.updateApp(sim.app().clientId, { dpop: 'required' })
    expect((await ask(form(unbound))).body['error']).toBe('invalid_dpop_proof')
  })

  it('adds an unbound session for web pages to hybrid answers', async () => {
    sim.updateApp(sim.app().clientId, { scopes: ['id', 'api', 'web', 'refresh_token'], dpop: 'required' })
    const form = await obtainCode(sim, { params: { dpop_jkt: key.thumbprint, scope: 'api web' } })
    const { body } = await ask({ ...form, grant_type: 'hybrid_auth_code' }, await tokenProof())
    expect((await call('/services/data/v64.0/limits', { scheme: 'Bearer', token: body['ui_sid'] ?? '' })).status).toBe(
      200,
    )
  })
})

describe.each([
  ['the REST API', '/services/data/v64.0/limits', 401],
  ['userinfo', '/services/oauth2/userinfo', 403],
])('a bound token at %s', (_where, path, asBearer) => {
  const proof = async (token: string | undefined, parts: Partial<ProofParts> = {}): Promise<string> =>
    prove({ method: 'GET', url: sim.org().url + path, key, ...(token !== undefined && { token }), ...parts })

  it('works with a proof for that call', async () => {
    const { access_token: token = '' } = await boundTokens()
    expect((await call(path, { token, proof: await proof(token) })).status).toBe(200)
  })

  it('is dead as a bearer token', async () => {
    const { access_token: token = '' } = await boundTokens()
    expect((await call(path, { scheme: 'Bearer', token })).status).toBe(asBearer)
    expect((await call(path, { scheme: 'Bearer', token, proof: await proof(token) })).status).toBe(asBearer)
  })

  it('is refused with a wrong proof or none, and a challenge', async () => {
    const { access_token: token = '' } = await boundTokens()
    const wrong = [
      '',
      await proof(undefined),
      await proof('another token'),
      await proof(token, { key: other }),
      await proof(token, { method: 'POST' }),
      await proof(token, { url: `${sim.org().url}/elsewhere` }),
    ]
    for (const one of wrong) {
      const response = await call(path, { token, proof: one })
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_dpop_proof"/)
    }
  })

  it('needs the nonce of its app', async () => {
    sim.updateApp(sim.app().clientId, { dpopNonce: true })
    const { headers } = await ask(await boundCode(), await tokenProof())
    const { access_token: token = '' } = await boundTokens(headers.get('dpop-nonce') ?? '')
    const first = await call(path, { token, proof: await proof(token) })
    expect(first.status).toBe(401)
    expect(first.headers.get('www-authenticate')).toMatch(/^DPoP error="use_dpop_nonce"/)
    const nonce = first.headers.get('dpop-nonce') ?? ''
    expect((await call(path, { token, proof: await proof(token, { nonce }) })).status).toBe(200)
  })

  it('which is not bound is dead where the app requires DPoP, the user-agent flow’s included', async () => {
    const { access_token: token = '' } = await logIn(sim)
    expect((await call(path, { scheme: 'Bearer', token })).status).toBe(200)
    sim.updateApp(sim.app().clientId, { dpop: 'required' })
    const back = await sim.signIn(authorizeUrl(sim, { params: { response_type: 'token', code_challenge: null } }))
    const fromFragment = new URLSearchParams(back.hash.slice(1)).get('access_token') ?? ''
    for (const one of [token, fromFragment]) {
      expect((await call(path, { scheme: 'Bearer', token: one })).status).toBe(asBearer)
    }
  })

  it('which is not bound does not go with DPoP', async () => {
    const { access_token: token = '' } = await logIn(sim)
    expect((await call(path, { token, proof: await proof(token) })).status).toBe(asBearer)
  })
})

it('takes every algorithm that discovery names', async () => {
  const document = await call('/.well-known/openid-configuration', {})
  const { dpop_signing_alg_values_supported: names } = (await document.json()) as Record<string, string[]>
  expect(names).toEqual(['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA'])
  for (const alg of names ?? []) {
    const own = await newKey(alg)
    const form = await obtainCode(sim, { params: { dpop_jkt: own.thumbprint } })
    expect([alg, (await ask(form, await tokenProof({ key: own, header: { alg } }))).status]).toEqual([alg, 200])
  }
})
