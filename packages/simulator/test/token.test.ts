import { createHash, createHmac } from 'node:crypto'
import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { authorizeUrl, callback, credentials, logIn, obtainCode, postToken, verifierPair } from './login-story.ts'

let sim: Simulator
beforeEach(() => {
  sim = createSimulator()
})

const token = async (headers: Record<string, string>, body: string, query = ''): Promise<Response> =>
  sim.fetch(new Request(`${sim.org().url}/services/oauth2/token${query}`, { method: 'POST', headers, body }))

const form = { 'content-type': 'application/x-www-form-urlencoded' }

describe('a token answer', () => {
  it('has exactly these members, in this order, all text and no expires_in', async () => {
    const answer = await logIn(sim, { params: { scope: 'openid api id refresh_token' } })
    expect(Object.keys(answer)).toEqual([
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
    expect(answer['scope']).toBe('refresh_token id api openid')
    expect(answer['instance_url']).toBe(sim.org().url)
    expect(answer['issued_at']).toMatch(/^\d{13}$/)
    expect(answer['token_type']).toBe('Bearer')
    expect(answer['id']).toMatch(/^http:\/\/login\.localhost\/id\/00D\w{15}\/005\w{15}$/)
  })

  it('is signed with the consumer secret over id and issued_at', async () => {
    const { id, issued_at: issuedAt, signature } = await logIn(sim)
    const expected = createHmac('sha256', sim.app().clientSecret).update(`${id}${issuedAt}`).digest('base64')
    expect(signature).toBe(expected)
  })

  it('has no refresh token without that scope and no ID token without openid', async () => {
    const answer = await logIn(sim, { params: { scope: 'api' } })
    expect(answer).not.toHaveProperty('refresh_token')
    expect(answer).not.toHaveProperty('id_token')
  })

  it('grants all scopes of the app when none is asked', async () => {
    const answer = await logIn(sim, { params: { scope: null } })
    expect(answer['scope']?.split(' ').toSorted()).toEqual([...sim.app().scopes].toSorted())
  })

  it('echoes offline_access when that name was used', async () => {
    expect((await logIn(sim, { params: { scope: 'api offline_access' } }))['scope']).toBe('offline_access api')
  })

  it('binds the ID token to nonce and access token', async () => {
    const answer = await logIn(sim, { params: { scope: 'openid', nonce: 'n-1' } })
    const digest = createHash('sha256')
      .update(answer['access_token'] ?? '')
      .digest()
    expect(decodeJwt(answer['id_token'] ?? '')).toMatchObject({
      nonce: 'n-1',
      aud: sim.app().clientId,
      at_hash: digest.subarray(0, 16).toString('base64url'),
    })
  })
})

describe('formats', () => {
  const answer = async (body: string, headers = {}): Promise<[string | null, string]> => {
    const response = await token({ ...form, ...headers }, body)
    return [response.headers.get('content-type'), await response.text()]
  }

  it.each([
    ['json by default', '', {}, 'application/json;charset=UTF-8', /^{"error":"unsupported_grant_type"/],
    [
      'urlencoded by parameter',
      'format=urlencoded',
      {},
      'application/x-www-form-urlencoded;charset=UTF-8',
      /^error=unsupp/,
    ],
    [
      'xml by parameter',
      'format=xml',
      {},
      'application/xml;charset=UTF-8',
      /<OAuth><error>unsupported_grant_type<\/error>/,
    ],
    ['xml by Accept', '', { accept: 'application/xml' }, 'application/xml;charset=UTF-8', /<OAuth>/],
    [
      'the parameter before Accept',
      'format=json',
      { accept: 'application/xml' },
      'application/json;charset=UTF-8',
      /^{/,
    ],
    ['indented on X-PrettyPrint', '', { 'x-prettyprint': '1' }, 'application/json;charset=UTF-8', /^{\n {2}"error"/],
  ])('%s', async (...[, body, headers, type, text]) => {
    const [contentType, answered] = await answer(body, headers)
    expect(contentType).toBe(type)
    expect(answered).toMatch(text)
  })

  it('is never stored', async () => {
    expect((await token(form, '')).headers.get('cache-control')).toBe('no-cache, no-store')
  })

  it('takes multipart bodies and parameters in the query', async () => {
    const { grant_type: grantType, ...rest } = await obtainCode(sim)
    const body = new FormData()
    for (const [name, value] of Object.entries(rest)) body.append(name, value)
    const url = `${sim.org().url}/services/oauth2/token?grant_type=${grantType}&device_id=x`
    expect((await sim.fetch(new Request(url, { method: 'POST', body }))).status).toBe(200)
  })
})

describe('a request is refused', () => {
  it.each([
    ['an unknown grant', { grant_type: 'magic' }, 'unsupported_grant_type', 'grant type not supported'],
    [
      'a scope',
      { grant_type: 'refresh_token', refresh_token: 'x', scope: 'api' },
      'invalid_request',
      'scope parameter not supported',
    ],
    ['no code', { grant_type: 'authorization_code' }, 'invalid_request', 'missing required parameter: code'],
  ])('for %s', async (...[, body, error, error_description]) => {
    expect(await postToken(sim, body)).toEqual({ status: 400, body: { error, error_description } })
  })

  it('for a GET', async () => {
    const response = await sim.fetch(new Request(`${sim.org().url}/services/oauth2/token?grant_type=refresh_token`))
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: 'invalid_request', error_description: 'must use HTTP POST' },
    ])
  })
})

describe('a code', () => {
  const redeem = async (changes: Record<string, string | null>): Promise<string> => {
    const all = Object.entries({ ...(await obtainCode(sim)), ...changes })
    const given = all.filter((pair): pair is [string, string] => pair[1] !== null)
    const { status, body } = await postToken(sim, Object.fromEntries(given))
    return status === 200 ? 'ok' : `${body['error']}: ${body['error_description']}`
  }

  it.each([
    ['garbled', { code: 'aPrxNothing==' }, 'invalid_grant: invalid authorization code'],
    [
      'with another callback',
      { redirect_uri: 'http://localhost:9/other' },
      'redirect_uri_mismatch: redirect_uri must match configuration',
    ],
    ['without a callback', { redirect_uri: null }, 'redirect_uri_missing: redirect_uri not provided'],
    ['without its verifier', { code_verifier: null }, 'invalid_grant: missing required code verifier'],
    ['with a wrong verifier', { code_verifier: 'w'.repeat(43) }, 'invalid_request: invalid code verifier'],
    ['with a wrong secret', { client_secret: 'wrong' }, 'invalid_client: invalid client credentials'],
    ['with an unknown client', { client_id: '3MVG9nobody' }, 'invalid_client_id: client identifier invalid'],
    ['as it should be', {}, 'ok'],
  ])('%s', async (_what, changes, outcome) => {
    expect(await redeem(changes)).toBe(outcome)
  })

  it('works once', async () => {
    const body = await obtainCode(sim)
    expect((await postToken(sim, body)).status).toBe(200)
    expect((await postToken(sim, body)).body).toEqual({
      error: 'invalid_grant',
      error_description: 'expired authorization code',
    })
  })

  it('works once even when two requests race', async () => {
    const body = await obtainCode(sim, { params: { scope: 'openid' } })
    const statuses = (await Promise.all([postToken(sim, body), postToken(sim, body)])).map(({ status }) => status)
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 400])
  })

  it('lives fifteen minutes', async () => {
    sim = createSimulator({ now: () => 1_800_000_000_000 })
    const [first, second] = [await obtainCode(sim), await obtainCode(sim)]
    sim.clock.advance(15 * 60_000)
    expect((await postToken(sim, first)).status).toBe(200)
    sim.clock.advance(1)
    expect((await postToken(sim, second)).body['error_description']).toBe('expired authorization code')
  })

  it('takes a verifier of 171 characters, and a challenge without method', async () => {
    const [verifier, challenge] = verifierPair('x'.repeat(171))
    const body = await obtainCode(sim, { params: { code_challenge: challenge } })
    expect((await postToken(sim, { ...body, code_verifier: verifier })).status).toBe(200)
  })

  it('issued without a challenge refuses a verifier', async () => {
    sim.updateApp(sim.app().clientId, { pkceRequired: false })
    const { code_verifier: verifier = '', ...body } = await obtainCode(sim, { params: { code_challenge: null } })
    expect((await postToken(sim, { ...body, code_verifier: verifier })).body['error']).toBe('invalid_request')
    expect((await postToken(sim, body)).status).toBe(200)
  })

  it('belongs to one client and to hosts of its org', async () => {
    const other = { label: 'Other', callbackUrls: [callback] }
    const orgs = [{ name: 'Globex', users: [{ username: 'hank@globex.example' }] }]
    sim = createSimulator({ seed: { apps: [other], orgs } })
    const body = await obtainCode(sim)
    const { body: foreign } = await postToken(sim, { ...body, ...credentials(sim, 'Other') })
    expect(foreign['error_description']).toBe('invalid authorization code')
    const elsewhere = await postToken(sim, body, { base: sim.org('Globex').url })
    expect(elsewhere.body['error_description']).toBe('invalid authorization code')
    expect((await postToken(sim, body, { base: sim.loginUrl })).status).toBe(200)
  })

  it('meets policies that changed since the login', async () => {
    const outcome = async (change: () => void): Promise<string | undefined> => {
      const body = await obtainCode(sim)
      change()
      const answer = await postToken(sim, body)
      sim.reset()
      return answer.body['error_description']
    }
    const id = sim.app().clientId
    expect(await outcome(() => sim.updateUser('ada@acme.example', { active: false }))).toBe('inactive user')
    expect(await outcome(() => sim.updateApp(id, { ipRanges: ['10.0.0.1-10.0.0.9'] }))).toBe('ip restricted')
    expect(await outcome(() => sim.updateApp(id, { permittedUsers: 'adminApproved' }))).toBe(
      'user is not admin approved to access this app',
    )
    expect(await outcome(() => sim.updateApp(id, { blocked: true }))).toBe('this app is blocked by admin')
    expect(await outcome(() => sim.updateApp(id, { enabled: false }))).toBe(
      'The external client app or the OAuth plugin is disabled.',
    )
  })

  it('is demanded to have a challenge by the org even if the app does not', async () => {
    const org = { name: 'Strict', pkceRequired: true, users: [{ username: 'u@strict.example' }] }
    sim = createSimulator({ seed: { orgs: [org] } })
    sim.updateApp(sim.app().clientId, { pkceRequired: false })
    const error = async (base: string): Promise<string | null> =>
      (await sim.signIn(authorizeUrl(sim, { base, params: { code_challenge: null } }))).searchParams.get('error')
    expect(await error(sim.org('Strict').url)).toBe('invalid_request')
    expect(await error(sim.org('Acme').url)).toBeNull()
  })
})
