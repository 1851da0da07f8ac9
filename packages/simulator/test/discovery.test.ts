import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Seed, type Simulator } from '../src/index.ts'
import { callApi, logIn, obtainCode, postToken } from './login-story.ts'

const seed: Seed = {
  orgs: [
    {
      name: 'Globex',
      sites: [{ name: 'Customers', path: 'customers' }],
      users: [{ username: 'hank@globex.example' }, { username: 'eve@client.example', site: 'customers' }],
    },
    { name: 'Stay', issuerOnLoginHost: 'loginHost', users: [{ username: 'u@stay.example' }] },
    { name: 'Dev', kind: 'sandbox', users: [{ username: 'u@dev.example' }] },
  ],
}

let sim: Simulator
beforeEach(() => {
  sim = createSimulator({ seed })
})

async function read<T>(url: string): Promise<T> {
  const response = await sim.fetch(new Request(url))
  return JSON.parse(response.ok ? await response.text() : `{"status":${response.status}}`) as T
}

const site = (): string => sim.org('Globex').sites[0]?.url ?? ''

describe('openid-configuration', () => {
  it.each([
    ['the login host', () => sim.loginUrl, false],
    ['the sandbox host', () => sim.sandboxLoginUrl, false],
    ['a My Domain', () => sim.org().url, true],
    ['a site with a path', site, true],
  ])('of %s names itself as issuer', async (_what, base, hasLogout) => {
    const document = await read<Record<string, unknown>>(`${base()}/.well-known/openid-configuration`)
    expect(document).toMatchObject({
      issuer: base(),
      authorization_endpoint: `${base()}/services/oauth2/authorize`,
      token_endpoint: `${base()}/services/oauth2/token`,
      jwks_uri: `${base()}/id/keys`,
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic', 'private_key_jwt'],
    })
    expect(Object.keys(document)[0]).toBe(hasLogout ? 'end_session_endpoint' : 'issuer')
    for (const member of ['pushed_authorization_request_endpoint', 'device_authorization_endpoint']) {
      expect(document).not.toHaveProperty(member)
    }
  })

  it('lives under the OpenID name only', async () => {
    expect(await read(`${sim.loginUrl}/.well-known/oauth-authorization-server`)).toEqual({ status: 404 })
  })
})

describe('auth-configuration', () => {
  it('describes an org or a site, and is absent on the login host', async () => {
    const path = '/.well-known/auth-configuration'
    expect(await read(sim.org().url + path)).toMatchObject({ OrgId: sim.org().id.slice(0, 15), Url: sim.org().url })
    expect(await read(site() + path)).toMatchObject({ Url: site(), LoginPageType: 'standard' })
    expect(await read(sim.loginUrl + path)).toEqual({ status: 404 })
  })
})

describe('keys', () => {
  it('are a release key everywhere, and the org key on org hosts only', async () => {
    const generic = await read<JSONWebKeySet>(`${sim.loginUrl}/id/keys`)
    const own = await read<JSONWebKeySet>(`${sim.org().url}/id/keys`)
    expect(generic.keys.map(({ kid }) => kid)).toEqual(['264'])
    expect(own.keys.map(({ kid }) => kid)).toEqual([
      '264',
      expect.stringMatching(new RegExp(`^CORE_ATJWT\\.${sim.org().id.slice(0, 15)}\\.\\d{13}$`)),
    ])
    const bits = own.keys.map(({ n }) => Buffer.from(n ?? '', 'base64url').length * 8)
    expect(bits).toEqual([2048, 2048])
    for (const key of own.keys) {
      expect(Object.keys(key).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
    }
  })
})

describe('an ID token', () => {
  it.each([
    ['on My Domain', () => sim.org().url, undefined, () => sim.org().url, () => sim.loginUrl],
    [
      'on the login host, ending on My Domain',
      () => sim.loginUrl,
      'hank@globex.example',
      () => sim.org('Globex').url,
      () => sim.loginUrl,
    ],
    ['on the login host, staying there', () => sim.loginUrl, 'u@stay.example', () => sim.loginUrl, () => sim.loginUrl],
    ['on a site', site, 'eve@client.example', site, () => sim.loginUrl],
    ['in a sandbox', () => sim.org('Dev').url, 'u@dev.example', () => sim.org('Dev').url, () => sim.sandboxLoginUrl],
  ])('%s: issuer is where the login ended, sub on the generic host', async (...[, base, username, issuer, generic]) => {
    const answer = await logIn(sim, { base: base(), ...(username && { username }), params: { scope: 'openid' } })
    const keys = createLocalJWKSet(await read<JSONWebKeySet>(`${issuer()}/id/keys`))
    const { payload, protectedHeader } = await jwtVerify(answer['id_token'] ?? '', keys, {
      issuer: issuer(),
      audience: sim.app().clientId,
    })
    expect(protectedHeader).toEqual({ kid: '264', typ: 'JWT', alg: 'RS256' })
    expect(payload.sub).toBe(answer['id'])
    expect(new URL(payload.sub ?? '').origin).toBe(generic())
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(120)
    expect(payload).not.toHaveProperty('email')
  })

  it('follows the app: lifetime, audiences, claims', async () => {
    sim.updateApp(sim.app().clientId, {
      idTokenLifetime: 600_000,
      idTokenAudiences: ['https://api.example'],
      idTokenStandardClaims: true,
      customAttributes: { team: 'north' },
    })
    const answer = await logIn(sim, { params: { scope: 'openid' } })
    const keys = createLocalJWKSet(await read<JSONWebKeySet>(`${sim.loginUrl}/id/keys`))
    const { payload } = await jwtVerify(answer['id_token'] ?? '', keys)
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(600)
    expect(payload.aud).toBe(`${sim.app().clientId},https://api.example`)
    expect(payload).toMatchObject({ email: 'ada@acme.example', custom_attributes: { team: 'north' } })
  })
})

describe('a site login', () => {
  it('returns the community with code and tokens, and redeems codes there only', async () => {
    const answer = await logIn(sim, { base: site() })
    expect(answer).toMatchObject({ sfdc_community_url: site(), sfdc_community_id: expect.stringMatching(/^0DB/) })
    const body = await obtainCode(sim, { base: site() })
    const elsewhere = await postToken(sim, body, { base: sim.org('Globex').url })
    expect(elsewhere.body['error_description']).toBe('invalid authorization code')
    expect((await postToken(sim, body, { base: site() })).status).toBe(200)
  })
})

describe('a JWT access token', () => {
  it('is verified with the org key, and dies at its end', async () => {
    sim.updateApp(sim.app().clientId, { jwtAccessTokens: true, jwtAccessTokenLifetime: 60_000 })
    const answer = await logIn(sim)
    const token = answer['access_token'] ?? ''
    expect(answer['token_format']).toBe('jwt')
    const keys = createLocalJWKSet(await read<JSONWebKeySet>(`${sim.org().url}/id/keys`))
    const { payload } = await jwtVerify(token, keys, { issuer: sim.org().url, audience: sim.org().url })
    expect(payload).toMatchObject({ scp: 'refresh_token id api', client_id: sim.app().clientId, mty: 'oauth' })
    expect(payload.sub).toBe(`uid:${answer['id']?.split('/').at(-1)}`)
    expect(decodeProtectedHeader(token)).toMatchObject({ tty: 'sfdc-core-token', typ: 'JWT' })
    sim.clock.advance(50_000)
    expect((await callApi(sim, token)).status).toBe(200)
    sim.clock.advance(10_000)
    expect((await callApi(sim, token)).status).toBe(401)
  })
})
