import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { isSalesforceAuthError, logoutUrl, parseLoginUrl, RequestError, singleAccess } from '../../src/index.ts'
import type { AuthorizedFetch, LoginHost } from '../../src/index.ts'
import { inWorkers } from '../host.ts'
import { listenBriefly } from './breakdowns.ts'
import { connect } from './connected.ts'
import type { Connected } from './connected.ts'
import { failureOf, oauthFailure } from './refusals.ts'
import { lastSent, openWire } from './wire.ts'
import type { Wire } from './wire.ts'

const WEB = '3MVG9app_with_web'
let wire: Wire

beforeAll(async () => {
  const scopes = ['openid', 'id', 'api', 'web', 'refresh_token']
  const callbackUrls = ['http://localhost:3000/auth/callback']
  wire = await openWire({ apps: [{ label: 'Web', org: 'Acme', clientId: WEB, callbackUrls, scopes }] })
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

const web = { clientId: WEB, scope: 'openid id api web refresh_token' }
const fetchOf =
  ({ connection }: Connected): AuthorizedFetch =>
  (url, init) =>
    connection.fetch(url, init)

describe('single access', () => {
  it('is asked for with one POST of the page to open', async () => {
    const connected = await connect(wire, web)
    await singleAccess(fetchOf(connected), { path: '/lightning/page/home' })
    expect(lastSent(wire)).toEqual({
      method: 'POST',
      origin: wire.sim.org().instanceUrl,
      target: '/services/oauth2/singleaccess',
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${connected.tokens().accessToken}`,
        'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
      },
      form: { redirect_uri: '/lightning/page/home' },
    })
  })

  it('gives an address that logs a browser in, once', async () => {
    const address = await singleAccess(fetchOf(await connect(wire, web)))
    expect(lastSent(wire).form).toEqual({})
    const open = () => fetch(address, { redirect: 'manual' })
    const [first, second] = [await open(), await open()]
    expect(first.headers.get('set-cookie')).toMatch(/\w/)
    expect(second.headers.get('set-cookie') ?? '').not.toMatch(/sid=/)
    expect(second.headers.get('location')).not.toBe(first.headers.get('location'))
  })

  it('is refused without the scope web, by name', async () => {
    const error = await failureOf(singleAccess(fetchOf(await connect(wire))))
    expect(isSalesforceAuthError(error)).toBe(true)
    expect(error).toMatchObject({ retryable: false, hint: expect.stringMatching(/\w{4}/) })
  })

  it('names a refusal in either shape', async () => {
    const answer =
      (body: string, status = 403): AuthorizedFetch =>
      async () =>
        new Response(body, { status })
    const oauth = answer('{"error":"invalid_scope","error_description":"web"}', 400)
    expect(await oauthFailure(singleAccess(oauth))).toMatchObject({ code: 'oauth/invalid_scope', httpStatus: 400 })
    const rest = answer('[{"errorCode":"INSUFFICIENT_ACCESS","message":"insufficient access rights"}]')
    expect(await failureOf(singleAccess(rest))).toMatchObject({
      code: 'rest/insufficient-access',
      errorCode: 'INSUFFICIENT_ACCESS',
      description: 'insufficient access rights',
      httpStatus: 403,
    })
    const word = answer('Bad_OAuth_Token')
    expect(await failureOf(singleAccess(word))).toMatchObject({ code: 'rest/session-expired', needsLogin: true })
  })

  it('survives whatever is answered: an address of Salesforce, or a typed error', async () => {
    const address = fc.oneof(fc.webUrl(), fc.constant('https://acme.my.salesforce.com/x'), fc.jsonValue())
    const members = fc.dictionary(fc.constantFrom('frontdoor_uri', 'error', 'errorCode', '__proto__'), address)
    const body = fc.oneof(
      fc.string(),
      fc.oneof(fc.jsonValue(), members, fc.array(members)).map((value) => JSON.stringify(value)),
    )
    const status = fc.constantFrom(200, 201, 302, 400, 401, 403, 404, 500, 503)
    await fc.assert(
      fc.asyncProperty(body, status, async (text, code) => {
        const outcome = await singleAccess(async () => new Response(text, { status: code })).catch(
          (error: unknown) => error,
        )
        expect(
          outcome instanceof URL ? outcome.host === 'acme.my.salesforce.com' : isSalesforceAuthError(outcome),
        ).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    'https://acme.my.salesforce.com/secur/frontdoor.jsp?otp=x',
    'https://acme.lightning.force.com/x',
    'https://acme.my.site.com/partners/x',
  ])('may lead to %s', async (address) => {
    const accepted = await singleAccess(async () => Response.json({ frontdoor_uri: address }))
    expect(accepted.href).toBe(address)
  })

  it.each([
    'javascript:alert(1)',
    '/secur/frontdoor.jsp',
    'ftp://acme.my.salesforce.com',
    7,
    'https://evil.example/secur/frontdoor.jsp?otp=x',
    'http://acme.my.salesforce.com/x',
    'https://acme.my.salesforce.com:8443/x',
    'https://acme.my.salesforce.com.evil.example/x',
    'https://acme.my.salesforce.com@evil.example/x',
    'https://evil.example@acme.my.salesforce.com/x',
    'http://127.0.0.1/x',
  ])('does not lead to %s', async (address) => {
    const attempt = singleAccess(async () => Response.json({ frontdoor_uri: address }))
    const failure = await failureOf(attempt)
    expect(failure).toMatchObject({ code: expect.stringMatching(/^(?:net\/not-json|token\/foreign-instance)$/) })
    expect(JSON.stringify(failure)).not.toContain('otp')
  })

  // In the workers of these tests no redirect is followed.
  it.skipIf(inWorkers)('does not lead to where a fetch that follows redirects ended', async () => {
    await using server = await listenBriefly((req, res) => {
      if (req.url !== '/elsewhere') res.writeHead(302, { location: '/elsewhere' }).end()
      else res.end(JSON.stringify({ frontdoor_uri: `http://${req.headers.host}/secur/frontdoor.jsp` }))
    })
    const attempt = singleAccess((path, init) => fetch(server.url + path, init))
    expect(await failureOf(attempt)).toMatchObject({ code: 'token/foreign-instance' })
  })

  it.each([
    '',
    'home',
    '//evil.example',
    '/\\evil.example',
    '/a\\b',
    '/x\r\ny',
    '/\t/evil.example',
    '/a/..//evil.example',
  ])('is asked for no page like %j, and nothing is sent', async (path) => {
    let asked = false
    const fetch: AuthorizedFetch = async () => {
      asked = true
      return Response.json({})
    }
    const failure = await failureOf(singleAccess(fetch, { path }))
    expect(failure).toBeInstanceOf(RequestError)
    expect(failure).toMatchObject({ code: 'request/unsendable' })
    expect(asked).toBe(false)
  })
})

describe('the address of a logout', () => {
  const hostOf = (url: string): LoginHost => parseLoginUrl(url, { trustedHosts: [], local: true }) as LoginHost

  it.each([
    ['https://acme.my.salesforce.com', 'https://acme.my.salesforce.com/services/auth/idp/oidc/logout'],
    ['https://acme.my.site.com/help/', 'https://acme.my.site.com/help/services/auth/idp/oidc/logout'],
  ])('of %s is %s', (login, address) => {
    expect(logoutUrl(hostOf(login)).href).toBe(address)
  })

  it('does not exist on a host that serves every org', () => {
    const hint = expect.stringMatching(/My Domain/)
    expect(() => logoutUrl(hostOf('https://login.salesforce.com'))).toThrow(expect.objectContaining({ hint }))
  })

  it('answers a browser', async () => {
    const response = await fetch(logoutUrl(hostOf(wire.sim.org().url)), { redirect: 'manual' })
    expect(response.status).toBeLessThan(400)
  })
})
