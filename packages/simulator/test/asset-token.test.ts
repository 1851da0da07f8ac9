import { createLocalJWKSet, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK, jwtVerify, SignJWT } from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { type Answer, logIn, postToken } from './login-story.ts'
import { base64url } from './saml-story.ts'

const tokenType = 'urn:ietf:params:oauth:token-type:'
const device = { did: 'device-1', Name: 'Pump', SerialNumber: 'SN-1' }

let sim: Simulator
let user: string | undefined
let key: { privateKey: CryptoKey; jwk: JWK }

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  key = { privateKey, jwk: await exportJWK(publicKey) }
})

beforeEach(async () => {
  sim = createSimulator()
  sim.updateApp(sim.app().clientId, { flows: { assetToken: true } })
  user = (await logIn(sim, { params: { scope: 'api openid' } }))['access_token']
})

const unsigned = (claims: object): string => `${base64url('{"alg":"none"}')}.${base64url(JSON.stringify(claims))}.`

async function signed(claims: object, by = key.privateKey): Promise<string> {
  return new SignJWT({ ...claims, cnf: { jwk: { ...key.jwk } } }).setProtectedHeader({ alg: 'ES256' }).sign(by)
}

async function ask(
  actor: string,
  {
    subject = user,
    types = {},
    base = sim.org().url,
  }: { subject?: string | undefined; types?: object; base?: string } = {},
): Promise<{ status: number; body: Answer }> {
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: subject ?? '',
    subject_token_type: `${tokenType}access_token`,
    actor_token: actor,
    actor_token_type: `${tokenType}jwt`,
    ...types,
  }
  return postToken(sim, form, { base })
}

async function assets(): Promise<Answer[]> {
  const query = 'SELECT Id, Name, SerialNumber FROM Asset'
  const url = `${sim.org().instanceUrl}/services/data/v64.0/query?q=${encodeURIComponent(query)}`
  const response = await sim.fetch(new Request(url, { headers: { authorization: `Bearer ${user}` } }))
  return ((await response.json()) as { records: Answer[] }).records
}

describe('the asset token grant', () => {
  it('answers four members, one of them a number', async () => {
    const { status, body } = await ask(unsigned(device))
    expect(status).toBe(200)
    expect(body).toEqual({
      access_token: expect.any(String),
      issued_token_type: `${tokenType}jwt`,
      token_type: 'Bearer',
      expires_in: 60,
    })
  })

  it("signs with an org key that is published on the org's host", async () => {
    sim.updateApp(sim.app().clientId, { assetTokenAudiences: ['https://iot.example'], assetTokenLifetime: 120_000 })
    const { body } = await ask(await signed(device))
    const response = await sim.fetch(new Request(`${sim.org().url}/id/keys`))
    const keys = createLocalJWKSet((await response.json()) as JSONWebKeySet)
    const { payload, protectedHeader } = await jwtVerify(body['access_token'] ?? '', keys)
    expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: expect.any(String) })
    expect(payload).toMatchObject({
      did: 'device-1',
      cnf: { jwk: key.jwk },
      iss: sim.org().url,
      aud: ['https://iot.example'],
      sub: expect.stringContaining('/id/00D'),
    })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(120)
  })

  it.each<[string, () => Promise<string>]>([
    ['names a key but is not signed', async () => unsigned({ ...device, cnf: { jwk: key.jwk } })],
    ['is signed by another key', async () => signed(device, (await generateKeyPair('ES256')).privateKey)],
    [
      'is signed but names no key',
      async () => (await signed(device)).replace(/\..*\./, `.${base64url('{"did":"x"}')}.`),
    ],
    ['names a shared secret', async () => unsigned({ ...device, cnf: { jwk: { kty: 'oct', k: 'c2VjcmV0' } } })],
    ['has expired', async () => unsigned({ ...device, exp: 1 })],
    ['is no JWT', async () => 'device-1'],
  ])('refuses an actor token that %s', async (_what, make) => {
    expect((await ask(await make())).body).toEqual({
      error: 'invalid_grant',
      error_description: 'invalid actor token',
    })
    expect(await assets()).toEqual([])
  })

  it('needs a live access token with the scope api, at a place of its org', async () => {
    const dead = { error: 'invalid_grant', error_description: 'invalid subject token' }
    expect((await ask(unsigned(device), { subject: 'garbage' })).body).toEqual(dead)
    const { access_token: narrow, refresh_token: refresh } = await logIn(sim, { params: { scope: 'id refresh_token' } })
    expect((await ask(unsigned(device), { subject: refresh })).body).toEqual(dead)
    expect((await ask(unsigned(device), { subject: narrow })).body['error']).toBe('invalid_scope')
    expect((await ask(unsigned(device), { base: sim.sandboxLoginUrl })).body).toEqual(dead)
    expect((await ask(unsigned(device), { base: sim.loginUrl })).status).toBe(200)
  })

  it('refuses other token types, and everything when the flow is off', async () => {
    const types = { actor_token_type: `${tokenType}saml2` }
    expect((await ask(unsigned(device), { types })).body['error']).toBe('invalid_request')
    sim.updateApp(sim.app().clientId, { flows: { assetToken: false } })
    expect((await ask(unsigned(device))).body['error']).toBe('oauth_flow_disabled')
  })
})

describe('the asset behind the token', () => {
  it('is found by its serial number, or made', async () => {
    await ask(unsigned(device))
    await ask(unsigned({ ...device, Name: 'Pump 2' }))
    await ask(unsigned({ did: 'd2', asset: { SerialNumber: 'SN-2' } }))
    expect((await assets()).map(({ Name, SerialNumber }) => [Name, SerialNumber])).toEqual([
      ['Pump 2', 'SN-1'],
      ['SN-2', 'SN-2'],
    ])
  })

  it('is made anew for each token that gives a name only', async () => {
    await ask(unsigned({ Name: 'Sensor' }))
    await ask(unsigned({ Name: 'Sensor' }))
    expect(await assets()).toHaveLength(2)
  })

  it('is the one with the id that is given, or there is no token', async () => {
    await ask(unsigned(device))
    const [asset] = await assets()
    expect((await ask(unsigned({ did: 'd', Id: asset?.['Id'], Name: 'Renamed' }))).status).toBe(200)
    expect((await assets()).map(({ Name }) => Name)).toEqual(['Renamed'])
    expect((await ask(unsigned({ did: 'd', Id: '02i000000000000' }))).body['error']).toBe('invalid_request')
  })
})
