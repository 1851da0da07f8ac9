import { generateKeyPairSync } from 'node:crypto'
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { Browser } from './browser.ts'
import { type Answer, authorizeUrl, callApi, callback, logIn, postToken } from './login-story.ts'

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const certificate = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const start = 1_800_000_000_000
const ada = 'ada@acme.example'

let sim: Simulator
let id: string

/** An app that Ada's profile is pre-authorized for. */
beforeEach(() => {
  const orgs = [
    {
      name: 'Globex',
      sites: [{ name: 'Customers', path: 'customers' }],
      users: [{ username: 'hank@globex.example' }, { username: 'eve@client.example', site: 'customers' }],
    },
    { name: 'Acme Test', kind: 'sandbox' as const, users: [{ username: 'ada@acme.example.test' }] },
  ]
  sim = createSimulator({ now: () => start, seed: { orgs } })
  id = sim.app().clientId
  preAuthorize()
})

function preAuthorize(): void {
  sim.updateApp(id, {
    certificate,
    permittedUsers: 'adminApproved',
    profiles: ['System Administrator', 'Standard User'],
  })
}

type Claims = Record<string, unknown>

async function sign(changes: Claims = {}, alg = 'RS256'): Promise<string> {
  const claims = { iss: id, sub: ada, aud: sim.loginUrl, exp: start / 1000 + 180, ...changes } as JWTPayload
  if (alg === 'none') return new UnsecuredJWT(claims).encode()
  const key = alg === 'HS256' ? Buffer.from(certificate) : pair.privateKey
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(key)
}

async function send(assertion: string, base?: string, more: Answer = {}): Promise<{ status: number; body: Answer }> {
  return postToken(sim, { grant_type: grantType, assertion, ...more }, base === undefined ? {} : { base })
}

async function outcome(changes: Claims, base?: string): Promise<string> {
  const { status, body } = await send(await sign(changes), base)
  return status === 200 ? 'ok' : `${body['error']}: ${body['error_description']}`
}

describe('a signed assertion', () => {
  it('is answered with a working access token and neither refresh token, issued_at, signature nor id_token', async () => {
    const { status, body } = await send(await sign())
    expect([status, Object.keys(body).toSorted()]).toEqual([
      200,
      ['access_token', 'id', 'instance_url', 'scope', 'token_type'],
    ])
    expect(body['scope']?.split(' ').toSorted()).toEqual([...sim.app().scopes].toSorted())
    expect((await callApi(sim, body['access_token'])).status).toBe(200)
  })

  it('may be sent to the login host, the My Domain and, with an ignored client_id and redirect_uri, as jsforce does', async () => {
    expect((await send(await sign(), sim.loginUrl)).status).toBe(200)
    expect((await send(await sign(), sim.org().url, { client_id: id, redirect_uri: callback })).status).toBe(200)
  })

  it('takes a certificate that is seeded as a JWK', async () => {
    sim.updateApp(id, { certificate: pair.publicKey.export({ format: 'jwk' }) })
    expect(await outcome({})).toBe('ok')
  })

  it('is refused in one text however it is broken', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const good = await sign()
    const [header, , signature] = good.split('.')
    const changed = Buffer.from(JSON.stringify({ iss: id, sub: 'grace@acme.example' })).toString('base64url')
    const forged = await new SignJWT({ iss: id, sub: ada }).setProtectedHeader({ alg: 'RS256' }).sign(other)
    const broken = [
      forged,
      `${header}.${changed}.${signature}`,
      await sign({}, 'none'),
      await sign({}, 'HS256'),
      await sign({}, 'RS384'),
      await sign({}, 'PS256'),
      'nonsense',
      'a.b.c',
      await sign({ exp: undefined }),
      await sign({ exp: 'soon' }),
    ]
    for (const assertion of broken) {
      expect((await send(assertion)).body).toEqual({ error: 'invalid_grant', error_description: 'invalid assertion' })
    }
    sim.updateApp(id, { certificate: null })
    expect((await send(good)).body['error_description']).toBe('invalid assertion')
  })

  it('is refused together with a scope', async () => {
    const { body } = await send(await sign(), undefined, { scope: 'api' })
    expect(body).toEqual({ error: 'invalid_request', error_description: 'scope parameter not supported' })
  })
})

describe('iss', () => {
  it.each([
    ['unknown', 'nobody'],
    ['missing', undefined],
    ['a list', ['a']],
  ])('that is %s names no client', async (_what, iss) => {
    expect(await outcome({ iss })).toBe('invalid_client_id: client identifier invalid')
  })
})

describe('sub', () => {
  it('loses to prn', async () => {
    expect(await outcome({ sub: 'nobody@acme.example', prn: ada })).toBe('ok')
    expect(await outcome({ prn: 'nobody@acme.example' })).toBe("invalid_grant: user hasn't approved this consumer")
  })

  it.each([
    ['in capitals', { sub: 'ADA@acme.example' }],
    ['unknown', { sub: 'x@y.example' }],
    ['missing', { sub: undefined }],
    ['of another org than the host', { sub: 'hank@globex.example' }],
  ])('%s has approved nothing', async (_what, claims) => {
    expect(await outcome(claims)).toBe("invalid_grant: user hasn't approved this consumer")
  })

  it('of a sandbox belongs to the sandbox login, which is its audience', async () => {
    const sub = 'ada@acme.example.test'
    expect(await outcome({ sub, aud: sim.sandboxLoginUrl }, sim.sandboxLoginUrl)).toBe('ok')
    expect(await outcome({ sub, aud: sim.sandboxLoginUrl }, sim.org('Acme Test').url)).toBe('ok')
    expect(await outcome({ sub }, sim.loginUrl)).toMatch(/user hasn't approved/)
  })

  it('of a site belongs to the site, whose address comes with the answer', async () => {
    const site = sim.org('Globex').sites[0]?.url ?? ''
    const assertion = await sign({ sub: 'eve@client.example', aud: site })
    expect((await send(assertion, site)).body['sfdc_community_url']).toBe(site)
    expect((await send(assertion, sim.org('Globex').url)).body['error']).toBe('invalid_grant')
  })
})

describe('aud', () => {
  it.each([
    ['a list', () => [sim.loginUrl]],
    ['a bare host', () => new URL(sim.loginUrl).host],
    ['somebody else', () => 'https://login.example'],
    ['the token endpoint', () => `${sim.loginUrl}/services/oauth2/token`],
    ['an address with a query', () => `${sim.loginUrl}/?a=b`],
    ['another scheme', () => sim.loginUrl.replace('http:', 'https:')],
    ['missing', () => undefined],
  ])('that is %s is invalid', async (_what, aud) => {
    expect(await outcome({ aud: aud() })).toBe('invalid_grant: audience is invalid')
  })

  it('has to go with the host that was asked', async () => {
    const [acme, globex, test] = [sim.org(), sim.org('Globex'), sim.org('Acme Test')].map(({ url }) => url)
    const invalid = 'invalid_grant: audience is invalid'
    expect(await outcome({ aud: sim.sandboxLoginUrl }, acme)).toBe(invalid)
    expect(await outcome({ aud: sim.sandboxLoginUrl }, sim.loginUrl)).toBe(invalid)
    expect(await outcome({ aud: sim.loginUrl }, test)).toBe(invalid)
    expect(await outcome({ aud: globex }, acme)).toBe(invalid)
    expect(await outcome({ aud: test }, sim.loginUrl)).toBe(invalid)
    expect(await outcome({ aud: globex }, sim.loginUrl)).toMatch(/user hasn't approved/)
    expect(await outcome({ aud: acme }, sim.loginUrl)).toBe('ok')
  })

  it('may end in a slash', async () => {
    expect(await outcome({ aud: `${sim.loginUrl}/` })).toBe('ok')
  })

  it('is never the address that REST calls of a moved org go to', async () => {
    const instance = await sim.moveInstance('Acme')
    expect(await outcome({ aud: instance })).toBe('invalid_grant: audience is invalid')
    expect(await outcome({}, instance)).toBe('ok')
  })

  it('may be the My Domain unless the org follows the documentation to the letter', async () => {
    expect(await outcome({ aud: sim.org().url })).toBe('ok')
    sim.updateOrg('Acme', { jwtAudience: 'noMyDomain' })
    expect(await outcome({ aud: sim.org().url })).toBe('invalid_grant: audience is invalid')
    expect(await outcome({ aud: sim.loginUrl })).toBe('ok')
  })
})

describe('exp', () => {
  const now = start / 1000

  it.each([
    ['180 seconds ago', now - 180, 'ok'],
    ['181 seconds ago', now - 181, 'invalid_grant: expired authorization code'],
    ['in quotes', String(now + 60), 'ok'],
    ['in milliseconds, as the vendor’s CLI sends it', start + 300, 'ok'],
  ])('%s', async (_what, exp, expected) => {
    expect(await outcome({ exp })).toBe(expected)
  })

  it('may lie no further ahead than a strict org says', async () => {
    sim.updateOrg('Acme', { jwtMaxLifetime: 180_000 })
    expect(await outcome({ exp: now + 180 })).toBe('ok')
    expect(await outcome({ exp: now + 181 })).toBe('invalid_grant: invalid assertion')
  })
})

describe('jti', () => {
  it('makes an assertion good for one use; without it, it works until it ends', async () => {
    const once = await sign({ jti: 'a' })
    expect((await send(once)).status).toBe(200)
    expect((await send(once)).body['error']).toBe('bad_jti_claim')
    expect(await outcome({ jti: 'b' })).toBe('ok')
    const again = await sign()
    expect([(await send(again)).status, (await send(again)).status]).toEqual([200, 200])
  })

  it('is forgotten once the assertion could not be replayed anyway', async () => {
    const exp = start / 1000 + 60
    expect(await outcome({ jti: 'a', exp })).toBe('ok')
    sim.clock.advance(60_000 + 180_000)
    expect(await outcome({ jti: 'a', exp })).toMatch(/^bad_jti_claim/)
    sim.clock.advance(1)
    expect(await outcome({ jti: 'a', exp: exp + 600 })).toBe('ok')
  })

  it('has to be text', async () => {
    expect(await outcome({ jti: 7 })).toMatch(/^bad_jti_claim/)
  })
})

describe('a user', () => {
  const notApproved = "invalid_grant: user hasn't approved this consumer"

  it('who is not pre-authorized needs an earlier approval with a refresh token', async () => {
    sim.updateApp(id, { permittedUsers: 'all' })
    expect(await outcome({})).toBe(notApproved)
    await logIn(sim, { params: { scope: 'id api' } })
    expect(await outcome({})).toBe(notApproved)
    await logIn(sim, { params: { scope: 'id api refresh_token' } })
    const { body } = await send(await sign())
    expect(body['scope']?.split(' ').toSorted()).toEqual(['api', 'id', 'refresh_token'])
  })

  it('whose approval is revoked loses what came from it', async () => {
    sim.updateApp(id, { permittedUsers: 'all' })
    const { refresh_token: token = '' } = await logIn(sim)
    const { body } = await send(await sign())
    await postRevoke(token)
    expect(sim.tokenState(body['access_token'] ?? '')).toBe('revoked')
    expect(await outcome({})).toBe(notApproved)
  })

  it('never approves anything by having been pre-authorized', async () => {
    expect(await outcome({})).toBe('ok')
    sim.updateApp(id, { permittedUsers: 'all', installed: false })
    sim.updateUser(ada, { canApproveUninstalledApps: false })
    expect(await outcome({})).toBe('invalid_client: app must be installed into org')
    sim.updateApp(id, { installed: true })
    expect(await outcome({})).toBe(notApproved)
    const authorize = new Browser(sim).logIn(authorizeUrl(sim, { params: { scope: 'api' } }))
    expect((await authorize).text).toMatch(/Allow Orgpass sample access/)
  })

  it('is counted among the logins', async () => {
    sim.updateOrg('Acme', { loginsPerHour: 1 })
    expect([await outcome({}), await outcome({})]).toEqual(['ok', 'rate_limit_exceeded: login rate exceeded'])
  })

  it('may log in many times without ending the approvals that hold refresh tokens', async () => {
    const { refresh_token: token = '' } = await logIn(sim)
    for (let n = 0; n < 7; n += 1) expect(await outcome({})).toBe('ok')
    expect(sim.tokenState(token)).toBe('active')
  })

  it('leaves room for five approvals of the person beside it', async () => {
    const { body } = await send(await sign())
    const given: Answer[] = []
    for (let n = 0; n < 5; n += 1) given.push(await logIn(sim))
    const tokens = [body['access_token'], ...given.map((one) => one['refresh_token'])]
    expect(tokens.map((token) => sim.tokenState(token ?? ''))).toEqual(Array.from({ length: 6 }, () => 'active'))
  })

  it.each([
    [
      'outside the admin approved profiles',
      () => sim.updateApp(id, { profiles: [] }),
      'invalid_app_access: user is not admin approved to access this app',
    ],
    ['inactive', () => sim.updateUser(ada, { active: false }), 'invalid_grant: inactive user'],
    [
      'of a locked org',
      () => sim.updateOrg('Acme', { status: 'locked' }),
      'inactive_org: organization is locked, closed, or suspended',
    ],
    ['at a wrong address', () => sim.updateApp(id, { ipRanges: ['10.0.0.1'] }), 'invalid_grant: ip restricted'],
    [
      'of a disabled app',
      () => sim.updateApp(id, { enabled: false }),
      'oauth_flow_disabled: The external client app or the OAuth plugin is disabled.',
    ],
    [
      'of an app without the flow',
      () => sim.updateApp(id, { flows: { jwtBearer: false } }),
      'oauth_flow_disabled: The external client app or the OAuth plugin is disabled.',
    ],
    ['of a blocked app', () => sim.updateApp(id, { blocked: true }), 'app_blocked: this app is blocked by admin'],
    [
      'of an uninstalled app, without the permission',
      () => {
        sim.updateApp(id, { installed: false })
        sim.updateUser(ada, { canApproveUninstalledApps: false })
      },
      'invalid_client: app must be installed into org',
    ],
  ])('%s is refused', async (_what, change, expected) => {
    change()
    expect(await outcome({})).toBe(expected)
  })
})

describe('of several faults at once', () => {
  it('the earliest in Salesforce’s order of checks is named', async () => {
    const worst = { iss: 'nobody', aud: ['x'], exp: 1, sub: 'nobody' }
    const forged = async (claims: Claims): Promise<string> => {
      const [header, payload] = (await sign(claims)).split('.')
      const { body } = await send(`${header}.${payload}.AAAA`)
      return body['error_description'] ?? ''
    }
    sim.updateApp(id, { enabled: false })
    expect(await forged(worst)).toBe('client identifier invalid')
    expect(await forged({ ...worst, iss: id })).toMatch(/plugin is disabled/)
    sim.updateApp(id, { enabled: true, ipRanges: ['10.0.0.1'] })
    sim.updateUser(ada, { active: false })
    expect(await forged({ ...worst, iss: id })).toBe('invalid assertion')
    expect(await outcome({ aud: ['x'], exp: 1 })).toMatch(/audience is invalid/)
    expect(await outcome({ exp: 1 })).toMatch(/expired/)
    expect(await outcome({})).toMatch(/inactive user/)
    sim.updateUser(ada, { active: true })
    sim.updateApp(id, { permittedUsers: 'all' })
    expect(await outcome({})).toMatch(/ip restricted/)
    sim.updateApp(id, { ipRanges: [] })
    expect(await outcome({})).toMatch(/user hasn't approved/)
  })
})

async function postRevoke(token: string): Promise<void> {
  const body = new URLSearchParams({ token })
  await sim.fetch(new Request(`${sim.org().url}/services/oauth2/revoke`, { method: 'POST', body }))
}
