import { createSign } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator, type TokenExchangeHandler } from '../src/index.ts'
import { type Answer, callback, postToken } from './login-story.ts'
import { assertionXml, base64url, newKeyPair, signXml } from './saml-story.ts'

const issuer = 'https://idp.example'
const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
const rsa = newKeyPair()

let sim: Simulator
let ec: { privateKey: CryptoKey; jwk: JWK }

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  ec = { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' } }
})

const byKeySet = (more: Partial<TokenExchangeHandler> = {}): TokenExchangeHandler => ({
  name: 'KeySet',
  issuer,
  audience: 'acme',
  jwks: { keys: [{ ...ec.jwk }] },
  userClaim: 'email',
  ...more,
})

function setHandlers(...handlers: TokenExchangeHandler[]): void {
  sim.updateApp(sim.app().clientId, { tokenExchangeHandlers: handlers })
}

beforeEach(() => {
  sim = createSimulator({
    seed: {
      orgs: [
        {
          name: 'Globex',
          sites: [{ name: 'Customers', path: 'customers' }],
          users: [{ username: 'eve@client.example', site: 'customers', profile: 'Customer' }],
        },
      ],
    },
  })
  sim.updateApp(sim.app().clientId, {
    flows: { tokenExchange: true },
    permittedUsers: 'adminApproved',
    profiles: ['System Administrator', 'Standard User', 'Customer'],
  })
  setHandlers(byKeySet())
})

const claims = { email: 'ada@acme.example' }

async function jwt(more: Record<string, unknown> = {}, key: CryptoKey = ec.privateKey): Promise<string> {
  const now = Math.floor(sim.clock.now() / 1000)
  return new SignJWT({ iss: issuer, aud: 'acme', sub: 'u1', iat: now, exp: now + 60, ...claims, ...more })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
    .sign(key)
}

interface Exchange {
  token?: string
  kind?: string
  base?: string
  more?: Record<string, string>
}

async function exchange({ token, kind = 'jwt', base, more }: Exchange = {}): Promise<{ status: number; body: Answer }> {
  const form = {
    grant_type: grantType,
    subject_token: token ?? (await jwt()),
    subject_token_type: `urn:ietf:params:oauth:token-type:${kind}`,
    client_id: sim.app().clientId,
    client_secret: sim.app().clientSecret,
    ...more,
  }
  return postToken(sim, form, { ...(base !== undefined && { base }) })
}

const failed = { error: 'invalid_request', error_description: 'token handler validation failed' }
const notFound = { error: 'invalid_request', error_description: 'token handler not found' }

describe('the token exchange grant', () => {
  it('answers as for a web login, refresh and ID token included', async () => {
    const { status, body } = await exchange()
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual([
      'access_token',
      'refresh_token',
      'signature',
      'scope',
      'id_token',
      'instance_url',
      'id',
      'token_type',
      'issued_at',
    ])
  })

  it('narrows the scopes when asked, to those of the app', async () => {
    const { body } = await exchange({ more: { scope: 'api id' } })
    expect(body['scope']).toBe('id api')
    expect(body).not.toHaveProperty('refresh_token')
    expect((await exchange({ more: { scope: 'wave_api' } })).body['error']).toBe('invalid_scope')
  })

  it('spells token types in any letter case, but no others', async () => {
    expect((await exchange({ kind: 'JWT' })).status).toBe(200)
    expect((await exchange({ kind: 'saml1' })).body['error']).toBe('invalid_request')
  })

  it('does not exist on the generic host', async () => {
    const { body } = await exchange({ base: sim.loginUrl })
    expect(body).toEqual({ error: 'invalid_grant', error_description: 'request not supported on this domain' })
  })

  it('serves the people of a site there', async () => {
    const base = sim.org('Globex').sites[0]?.url ?? ''
    const { status, body } = await exchange({ base, token: await jwt({ email: 'eve@client.example' }) })
    expect(status).toBe(200)
    expect(body['sfdc_community_url']).toBe(base)
    expect((await exchange({ base })).body).toEqual(failed)
  })

  it('refuses tokens over 10,000 characters', async () => {
    expect((await exchange({ token: 'x'.repeat(10_001) })).body['error_description']).toBe('subject token is too long')
    expect((await exchange({ token: 'x'.repeat(10_000) })).body).toEqual(failed)
  })

  it('demands the secret, unless the app does not', async () => {
    const noSecret = async (): Promise<Answer> => {
      const { client_id: clientId } = { client_id: sim.app().clientId }
      const form = {
        grant_type: grantType,
        subject_token: await jwt(),
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        client_id: clientId,
      }
      return (await postToken(sim, form)).body
    }
    expect((await noSecret())['error']).toBe('invalid_client')
    sim.updateApp(sim.app().clientId, { secretRequiredForTokenExchange: false })
    expect((await noSecret())['error']).toBeUndefined()
    expect((await exchange({ more: { client_secret: 'wrong' } })).body['error']).toBe('invalid_client')
  })

  it('needs the flow on and the person pre-authorized', async () => {
    const { clientId } = sim.app()
    sim.updateApp(clientId, { permittedUsers: 'all' })
    expect((await exchange()).body['error_description']).toBe("user hasn't approved this consumer")
    sim.updateApp(clientId, { permittedUsers: 'adminApproved', profiles: [] })
    expect((await exchange()).body['error']).toBe('invalid_app_access')
    sim.updateApp(clientId, { flows: { tokenExchange: false } })
    expect((await exchange()).body['error']).toBe('oauth_flow_disabled')
  })

  it('comes in a hybrid variant', async () => {
    const { body } = await exchange({
      more: { grant_type: 'urn:ietf:params:oauth:grant-type:hybrid-token-exchange' },
    })
    expect(body['sidCookieName']).toBe('sid')
  })
})

describe('token handlers', () => {
  it('are found by name, or the first that is enabled', async () => {
    setHandlers(byKeySet({ name: 'Off', enabled: false }), byKeySet({ name: 'On' }))
    expect((await exchange()).status).toBe(200)
    expect((await exchange({ more: { token_handler: 'On' } })).status).toBe(200)
    expect((await exchange({ more: { token_handler: 'Off' } })).body).toEqual(notFound)
    expect((await exchange({ more: { token_handler: 'Other' } })).body).toEqual(notFound)
    setHandlers()
    expect((await exchange()).body).toEqual(notFound)
  })

  it('may say in their own words what is wrong', async () => {
    setHandlers(byKeySet({ errorMessage: 'Ask the help desk.' }))
    const { body } = await exchange({ token: 'garbage' })
    expect(body).toEqual({ error: 'invalid_request', error_description: 'Ask the help desk.' })
  })

  it.each<[string, () => Promise<string>]>([
    ['expired', async () => jwt({ exp: Math.floor(sim.clock.now() / 1000) - 1 })],
    ['endless', async () => jwt({ exp: undefined })],
    ['for another audience', async () => jwt({ aud: 'other' })],
    ['from another issuer', async () => jwt({ iss: 'https://evil.example' })],
    ['by another key', async () => jwt({}, (await generateKeyPair('ES256')).privateKey)],
    ['about nobody', async () => jwt({ email: undefined })],
    ['unsigned', async () => `${base64url('{"alg":"none"}')}.${(await jwt()).split('.')[1]}.`],
  ])('refuse a token that is %s', async (_what, make) => {
    expect((await exchange({ token: await make() })).body).toEqual(failed)
  })

  it('check RSA tokens and assertions with a certificate, and no HS256 token with it as secret', async () => {
    setHandlers({ name: 'Certificate', certificate: rsa.publicKey })
    const [header, payload] = [
      { alg: 'RS256' },
      { sub: 'ada@acme.example', exp: Math.floor(sim.clock.now() / 1000) + 60 },
    ]
    const text = [header, payload].map((part) => base64url(JSON.stringify(part))).join('.')
    const signature = createSign('sha256').update(text).sign(rsa.privateKey).toString('base64url')
    expect((await exchange({ token: `${text}.${signature}`, kind: 'id_token' })).status).toBe(200)
    const parts = { issuer, nameId: 'ada@acme.example', audience: 'acme' }
    const assertion = signXml(assertionXml(parts), rsa.privateKey)
    expect((await exchange({ token: base64url(assertion), kind: 'saml2' })).status).toBe(200)
    const confused = await new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(rsa.publicKey))
    expect((await exchange({ token: confused })).body).toEqual(failed)
    setHandlers({ name: 'Certificate', certificate: rsa.publicKey, audience: 'other' })
    expect((await exchange({ token: base64url(assertion), kind: 'saml2' })).body).toEqual(failed)
  })

  it('vouch for opaque tokens they know, of the types they take', async () => {
    const opaqueTokens = { 'opaque-1': { uid: 'grace@acme.example' } }
    sim.updateUser('grace@acme.example', { profile: 'Standard User' })
    setHandlers({ name: 'Opaque', opaqueTokens, userClaim: 'uid', tokenTypes: ['access_token'] })
    expect((await exchange({ token: 'opaque-1', kind: 'access_token' })).status).toBe(200)
    expect((await exchange({ token: 'opaque-2', kind: 'access_token' })).body).toEqual(failed)
    expect((await exchange({ token: 'opaque-1', kind: 'refresh_token' })).body).toEqual(failed)
    expect((await exchange({ token: 'constructor', kind: 'access_token' })).body).toEqual(failed)
  })

  it('make users only where they may, once', async () => {
    const token = await jwt({ email: 'new@mail.example', given_name: 'Nia', family_name: 'Okoro' })
    expect((await exchange({ token })).body).toEqual(failed)
    setHandlers(byKeySet({ canCreateUsers: true }))
    const first = await exchange({ token })
    expect(first.status).toBe(200)
    expect((await exchange({ token: await jwt({ email: 'new@mail.example' }) })).body['id']).toBe(first.body['id'])
    const headers = { authorization: `Bearer ${first.body['access_token']}` }
    const userinfo = await sim.fetch(new Request(`${sim.org().url}/services/oauth2/userinfo`, { headers }))
    expect(await userinfo.json()).toMatchObject({ name: 'Nia Okoro', email: 'new@mail.example' })
  })

  it('compare the claim with a field of choice', async () => {
    sim.updateUser('ada@acme.example', { email: 'ada@mail.example' })
    setHandlers(byKeySet({ userField: 'email' }))
    expect((await exchange({ token: await jwt({ email: 'ada@mail.example' }) })).status).toBe(200)
    expect((await exchange()).body).toEqual(failed)
  })
})

it('seeds handlers, and names what is wrong with them', () => {
  const app = { label: 'X', callbackUrls: [callback] }
  const handler = { name: '', certificate: 'no PEM', tokenTypes: ['password'], colour: 'red' }
  const seed: unknown = { apps: [{ ...app, tokenExchangeHandlers: [handler] }] }
  expect(() => createSimulator({ seed: seed as object })).toThrow(
    /tokenExchangeHandlers\[0\]\.name[\s\S]*tokenTypes\[0\][\s\S]*certificate[\s\S]*colour/,
  )
})
