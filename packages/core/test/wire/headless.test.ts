import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { authorizationCode, codeAndCredentials, guest, startForgotPassword } from '../../src/flows/index.ts'
import type { CodeAndCredentialsGrant, CodeAndCredentialsOptions, HeadlessCode } from '../../src/flows/index.ts'
import { openTokenEndpoint, publicClient } from '../../src/index.ts'
import { breakdowns, listenBriefly } from './breakdowns.ts'
import { HEADLESS, HEADLESS_SECRET, openHeadlessWire, siteOf } from './headless-wire.ts'
import { failureOf, oauthFailure, transportFailure } from './refusals.ts'
import { lastSent, REDIRECT_URI } from './wire.ts'
import type { Wire } from './wire.ts'

const person = { username: 'eve@client.example', password: 'simulator' }
let wire: Wire

beforeAll(async () => {
  wire = await openHeadlessWire()
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

function logIn(
  grant: Partial<CodeAndCredentialsGrant> = person,
  options: CodeAndCredentialsOptions & { base?: string } = {},
): Promise<HeadlessCode> {
  const { base, ...rest } = options
  const where = base === undefined ? { base: siteOf(wire) } : { base, timeout: 500 }
  const endpoint = wire.endpoint({ clientId: HEADLESS, ...where })
  return codeAndCredentials(endpoint, { redirectUri: REDIRECT_URI, ...grant } as CodeAndCredentialsGrant, rest)
}

const basic = (name: string, secret: string): string => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`

describe('a user name and a password are traded', () => {
  it('with one POST to the site, credentials in the header', async () => {
    await logIn({ ...person, scope: ['api', 'openid'] })
    expect(lastSent(wire)).toEqual({
      method: 'POST',
      origin: wire.sim.org('Umbrella').url,
      target: '/customers/services/oauth2/authorize',
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        'auth-request-type': 'Named-User',
        authorization: basic(person.username, person.password),
        'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
      },
      form: {
        response_type: 'code_credentials',
        client_id: HEADLESS,
        redirect_uri: REDIRECT_URI,
        code_challenge: expect.stringMatching(/^[\w-]{43}$/),
        scope: 'api openid',
      },
    })
  })

  it('for a code that authorizationCode redeems at the site', async () => {
    const code = await logIn()
    const tokens = await authorizationCode(code.endpoint, code)
    expect(lastSent(wire)).toMatchObject({
      target: '/customers/services/oauth2/token',
      form: { grant_type: 'authorization_code', redirect_uri: REDIRECT_URI, client_secret: HEADLESS_SECRET },
    })
    expect(tokens.community?.base).toBe(siteOf(wire))
    expect(wire.sim.tokenState(tokens.accessToken)).toBe('active')
  })

  it('in the body where the app wants them there', async () => {
    wire.sim.updateApp(HEADLESS, { codeCredentialsInBodyOnly: true })
    expect(await oauthFailure(logIn())).toMatchObject({ httpStatus: expect.any(Number) })
    expect(await logIn(person, { credentialsIn: 'body' })).toHaveProperty('code')
    expect(lastSent(wire).headers).not.toHaveProperty('authorization')
    expect(lastSent(wire).form).toMatchObject(person)
  })

  it('with letters of every language', async () => {
    wire.sim.updateUser(person.username, { password: 'пароль:字' })
    expect(await logIn({ ...person, password: 'пароль:字' })).toHaveProperty('code')
  })

  it('or a hint for the discovery handler, always in the body', async () => {
    await failureOf(logIn({ loginHint: '+44 20 7946 0000', password: 'secret', customData: { shop: 7 } }))
    expect(lastSent(wire).headers).not.toHaveProperty('authorization')
    expect(lastSent(wire).form).toMatchObject({
      login_hint: '+44 20 7946 0000',
      password: 'secret',
      customdata: '{"shop":7}',
    })
    expect(lastSent(wire).form).not.toHaveProperty('username')
  })

  it('together with the guest that the person was so far', async () => {
    await logIn(person, { visitor: { uvid: '3f0f2f4e-8f66-4c8e-9a52-7b9f7d1f0c11' } })
    expect(lastSent(wire).form['uvid_hint']).toBe('3f0f2f4e-8f66-4c8e-9a52-7b9f7d1f0c11')
    expect(lastSent(wire).headers).not.toHaveProperty('uvid-hint')
    await failureOf(logIn(person, { visitor: { token: 'a.b.c' } }))
    expect(lastSent(wire).headers['uvid-hint']).toBe('a.b.c')
    expect(lastSent(wire).form).not.toHaveProperty('uvid_hint')
  })
})

describe('a headless login is refused', () => {
  it.each([
    ['with a wrong password', () => logIn({ ...person, password: 'wrong' })],
    ['for an employee', () => logIn({ username: 'uma@umbrella.example', password: 'simulator' })],
    ['where the flow is off', disabled],
    ['by an unknown callback', () => logIn({ ...person, redirectUri: 'https://elsewhere.example/cb' })],
  ])('%s', async (_, act) => {
    const error = await oauthFailure(act())
    expect(error.retryable).toBe(false)
    expect(error.hint).toMatch(/\w{4}/)
    expect(JSON.stringify(error)).not.toContain('simulator')
  })

  function disabled(): Promise<HeadlessCode> {
    wire.sim.updateApp(HEADLESS, { flows: { codeCredentials: false } })
    return logIn()
  }

  it.each(['https://login.salesforce.com', 'https://test.salesforce.com', 'https://acme.my.salesforce.com'])(
    'before any password is sent to %s',
    async (loginUrl) => {
      const fetch = (): never => {
        throw new Error('Something was sent.')
      }
      const options = { loginUrl, clientId: HEADLESS, clientAuthentication: publicClient(), fetch }
      const attempt = codeAndCredentials(openTokenEndpoint(options), { ...person, redirectUri: REDIRECT_URI })
      expect(await failureOf(attempt)).toMatchObject({ code: 'config/invalid', hint: expect.stringContaining('site') })
    },
  )
})

describe('what no header can carry as it is', () => {
  const untouched = async (attempt: () => Promise<unknown>): Promise<unknown> => {
    const before = wire.sent.length
    const error = await failureOf(attempt())
    expect(wire.sent).toHaveLength(before)
    expect(inspect(error, { depth: 10 })).not.toContain('planted')
    return error
  }
  const site = () => wire.endpoint({ clientId: HEADLESS, base: siteOf(wire) })

  it('is a user name with a colon: what stands behind it would be read as the password', async () => {
    const error = await untouched(() => logIn({ username: 'eve@client.example:planted', password: 'x' }))
    expect(error).toMatchObject({ code: 'request/unsendable', status: 400, hint: expect.stringMatching(/'body'/) })
    const inBody = await failureOf(logIn({ username: 'eve:x', password: 'y' }, { credentialsIn: 'body' }))
    expect(inBody).toMatchObject({ name: 'OAuthError' })
    expect(lastSent(wire).form).toMatchObject({ username: 'eve:x', password: 'y' })
  })

  it.each(['a.b\n.planted', 'planted\r\nx: y', ' planted', 'plantéd-planted', 'planted\u0000', ''])(
    'is the token %j of a guest or of an integration user',
    async (token) => {
      const redirectUri = REDIRECT_URI
      const code = 'request/unsendable'
      expect(await untouched(() => logIn(person, { visitor: { token } }))).toMatchObject({ code })
      expect(await untouched(() => guest(site(), { visitor: { token }, redirectUri }))).toMatchObject({ code })
      expect(await untouched(() => guest(site(), { visitor: { uvid: token }, redirectUri }))).toMatchObject({ code })
      const forgotten = () => startForgotPassword(site(), { username: 'u' }, { accessToken: token })
      expect(await untouched(forgotten)).toMatchObject({ code })
    },
  )
})

describe('an answer by redirect', () => {
  const redirectTo = (location: string) => listenBriefly((_req, res) => void res.writeHead(302, { location }).end())

  it('is read when it goes to the callback, and not followed', async () => {
    await using site = await redirectTo(`${REDIRECT_URI}?code=aPrxCode%3D%3D&state=`)
    expect(await logIn(person, { base: site.url })).toMatchObject({ code: 'aPrxCode==', redirectUri: REDIRECT_URI })
  })

  it('is a refusal when it says so', async () => {
    await using site = await redirectTo(`${REDIRECT_URI}?error=access_denied&error_description=no`)
    expect(await oauthFailure(logIn(person, { base: site.url }))).toMatchObject({ code: 'oauth/access_denied' })
  })

  it.each(['', 'also no address'])('to "%s" is no code for a callback that is no address itself', async (location) => {
    await using site = await redirectTo(location)
    const attempt = logIn({ ...person, redirectUri: 'no address' }, { base: site.url })
    expect(await transportFailure(attempt)).toMatchObject({ code: 'net/redirected' })
  })

  it.each([
    'https://evil.example/cb?code=x',
    '/login?code=x',
    `${REDIRECT_URI}.evil.example?code=x`,
    '',
    'javascript:1',
  ])('is no code when it goes to "%s"', async (location) => {
    await using site = await redirectTo(location)
    expect(await transportFailure(logIn(person, { base: site.url }))).toMatchObject({ code: 'net/redirected' })
  })
})

describe('an answer that cannot be used', () => {
  const answering = (answer: unknown) => listenBriefly((_req, res) => void res.end(JSON.stringify(answer)))

  it.each([{}, { code: '' }, { code: 7 }])('is malformed: %j', async (answer) => {
    await using site = await answering(answer)
    expect(await failureOf(logIn(person, { base: site.url }))).toMatchObject({ code: 'token/malformed-answer' })
  })

  it.each(['https://evil.example', 'http://localhost:1', 'javascript:1', 7])(
    'names a site that is not trusted: %s',
    async (community) => {
      await using site = await answering({ code: 'aPrx', sfdc_community_url: community })
      expect(await failureOf(logIn(person, { base: site.url }))).toMatchObject({ code: 'callback/foreign-community' })
    },
  )

  it.each(breakdowns.filter(({ name }) => name !== 'redirects'))(
    'is a transport error: the server $name',
    async ({ listener, code, retryable }) => {
      await using site = await listenBriefly(listener)
      expect(await transportFailure(logIn(person, { base: site.url }))).toMatchObject({ code, retryable, sent: true })
    },
  )
})

describe('a guest', () => {
  const uvid = '3f0f2f4e-8f66-4c8e-9a52-7b9f7d1f0c11'
  const visit = (visitor: { uvid: string } | { token: string }) =>
    guest(wire.endpoint({ clientId: HEADLESS, base: siteOf(wire) }), { visitor, redirectUri: REDIRECT_URI })

  it('asks for a code without credentials, and redeems it with its id alone', async () => {
    const from = wire.sent.length
    await visit({ uvid })
    const [authorize, token] = wire.sent.slice(from)
    expect(authorize).toMatchObject({
      target: '/customers/services/oauth2/authorize',
      headers: { 'auth-request-type': 'guest', 'uvid-hint': `UVID ${uvid}` },
    })
    expect(authorize?.headers).not.toHaveProperty('authorization')
    expect(token).toMatchObject({
      target: '/customers/services/oauth2/token',
      headers: { 'auth-request-type': 'guest', 'uvid-hint': uvid },
      form: { grant_type: 'authorization_code', client_id: HEADLESS, client_secret: HEADLESS_SECRET },
    })
  })

  it('gets a JWT that ends, and comes back with it', async () => {
    const first = await visit({ uvid })
    expect(first).toMatchObject({ tokenFormat: 'jwt', expirySource: 'jwt', expiresAt: expect.any(Number) })
    const second = await visit({ token: first.accessToken })
    expect(wire.sent.at(-2)?.headers['uvid-hint']).toBe(`JWT ${first.accessToken}`)
    expect(second.tokenFormat).toBe('jwt')
  })

  it('is refused where the guest flow is off', async () => {
    wire.sim.updateApp(HEADLESS, { flows: { guest: false } })
    expect((await oauthFailure(visit({ uvid }))).hint).toMatch(/\w{4}/)
  })
})
