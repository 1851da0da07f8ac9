import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { CallbackError } from '../../src/errors/errors.ts'
import type { SalesforceAuth } from '../../src/index.ts'
import { cookieHeader, createApp, scriptSalesforce, startLogin, visit } from './scripted-salesforce.ts'
import type { Visit } from './scripted-salesforce.ts'

const CODE = 'PLANTED-code-aPrxabcdefghijklmnopqrstuvwx=='
const host = 'app.example.com'
const unknown = `g9h3k2l1-AbC_-9.${'S'.repeat(43)}`

async function refusal(app: SalesforceAuth, target: string, more: Visit = {}): Promise<CallbackError> {
  const failure: unknown = await app
    .open(visit(target, more))
    .handle()
    .catch((error: unknown) => error)
  if (!(failure instanceof CallbackError)) throw new Error('It was no CallbackError', { cause: failure })
  expect(failure.status).toBeLessThan(500)
  expect(inspect(failure, { depth: 10 })).not.toMatch(/PLANTED|<script>/)
  return failure
}

describe('a callback without a login to belong to is told why', () => {
  it.each<[what: string, query: string, headers: Visit['headers'], code: string, hint: RegExp]>([
    ['opened directly', '', { host }, 'opened-directly', /Start at the login route/],
    ['opened directly with a state', `?state=${unknown}`, { host }, 'opened-directly', /Start at the login route/],
    ['without a state', `?code=${CODE}`, { host }, 'transaction-missing', /block cookies/],
    ['with an odd state', `?code=${CODE}&state=<script>`, { host }, 'transaction-missing', /block cookies/],
    [
      'with a state of 100 KB',
      `?code=${CODE}&state=${'x'.repeat(100_000)}`,
      { host },
      'transaction-missing',
      /block cookies/,
    ],
    ['with an unknown state', `?code=${CODE}&state=${unknown}`, { host }, 'transaction-missing', /block cookies/],
    ['an unknown error', `?error=access_denied&state=${unknown}`, { host }, 'transaction-missing', /block cookies/],
    ['on another host', `?code=${CODE}&state=${unknown}`, { host: 'www.example.com' }, 'other-host', /set baseUrl/],
    [
      'on another port',
      `?code=${CODE}&state=${unknown}`,
      { host: 'app.example.com:8443' },
      'other-host',
      /set baseUrl/,
    ],
    [
      'on another host behind a proxy',
      `?code=${CODE}&state=${unknown}`,
      { host, 'x-forwarded-host': 'www.example.com' },
      'other-host',
      /set baseUrl/,
    ],
    [
      'on the usual port, written out',
      `?code=${CODE}&state=${unknown}`,
      { host: 'app.example.com:443' },
      'transaction-missing',
      /block cookies/,
    ],
    [
      'on the host in capitals',
      `?code=${CODE}&state=${unknown}`,
      { host: 'App.Example.com' },
      'transaction-missing',
      /block cookies/,
    ],
    [
      'behind a proxy that names both hosts',
      `?code=${CODE}&state=${unknown}`,
      { host: 'inner:1', 'x-forwarded-host': 'app.example.com' },
      'transaction-missing',
      /block cookies/,
    ],
    [
      'behind two proxies',
      `?code=${CODE}&state=${unknown}`,
      { host: 'inner:1', 'x-forwarded-host': 'app.example.com, edge.example' },
      'transaction-missing',
      /block cookies/,
    ],
    [
      'behind a proxy that names only this machine',
      `?code=${CODE}&state=${unknown}`,
      { host: 'localhost:3000' },
      'transaction-missing',
      /block cookies/,
    ],
    [
      'with a host that is none',
      `?code=${CODE}&state=${unknown}`,
      { host: 'a b' },
      'transaction-missing',
      /block cookies/,
    ],
    ['without a host', `?code=${CODE}&state=${unknown}`, {}, 'transaction-missing', /block cookies/],
    [
      'over http',
      `?code=${CODE}&state=${unknown}`,
      { host, 'x-forwarded-proto': 'http' },
      'plain-http',
      /Redirect http to https/,
    ],
    [
      'over http, then https inside',
      `?code=${CODE}&state=${unknown}`,
      { host, 'x-forwarded-proto': 'HTTP, https' },
      'plain-http',
      /Redirect http to https/,
    ],
    [
      'over https, then http inside',
      `?code=${CODE}&state=${unknown}`,
      { host, 'x-forwarded-proto': 'https,http' },
      'transaction-missing',
      /block cookies/,
    ],
    [
      'in a frame',
      `?code=${CODE}&state=${unknown}`,
      { host, 'sec-fetch-dest': 'iframe' },
      'framed',
      /window of its own/,
    ],
    [
      'among other logins',
      `?code=${CODE}&state=${unknown}`,
      { host, cookie: '__Host-salesforce.tx.other=x' },
      'transaction-missing',
      /in one tab/,
    ],
    [
      'with a cookie of garbage',
      `?code=${CODE}&state=${unknown}`,
      { host, cookie: '__Host-salesforce.tx.g9h3k2l1-AbC_-9=garbage' },
      'transaction-missing',
      /in one tab/,
    ],
  ])('%s', async (...[_what, query, headers, code, hint]) => {
    const failure = await refusal(createApp(), `/auth/callback${query}`, { headers })
    expect(failure).toMatchObject({ code: `callback/${code}`, hint: expect.stringMatching(hint) })
  })

  it('begun on another host', async () => {
    const app = createApp()
    const { state } = await startLogin(app, { host: 'www.example.com' })
    const failure = await refusal(app, `/auth/callback?code=${CODE}&state=${state}`, { headers: { host } })
    expect(failure).toMatchObject({
      code: 'callback/other-host',
      message: expect.stringContaining('began on another host'),
    })
  })

  it('begun behind a proxy is not taken for begun elsewhere', async () => {
    const app = createApp()
    const proxied = { host: 'inner:3000', 'x-forwarded-host': host }
    const { state } = await startLogin(app, proxied)
    const failure = await refusal(app, `/auth/callback?code=${CODE}&state=${state}`, { headers: proxied })
    expect(failure.code).toBe('callback/transaction-missing')
  })

  it('expired', async () => {
    let now = Date.now()
    const app = createApp({ now: () => now })
    const { state, browser } = await startLogin(app)
    now += 31 * 60_000
    const failure = await refusal(app, `/auth/callback?code=${CODE}&state=${state}`, {
      headers: { host, cookie: cookieHeader(browser) },
    })
    expect(failure).toMatchObject({ code: 'callback/expired', message: expect.stringContaining('30 minutes') })
  })

  it('evicted by five later ones', async () => {
    let now = Date.now()
    const app = createApp({ now: () => now })
    const first = await startLogin(app)
    let cookie = cookieHeader(first.browser)
    for (let i = 0; i < 5; i++) {
      now += 1_000
      const { browser } = await startLogin(app, { cookie })
      cookie = [
        ...cookie.split('; ').filter((pair) => !browser.lines.has(pair.split('=')[0] ?? '')),
        cookieHeader(browser),
      ].join('; ')
    }
    const failure = await refusal(app, `/auth/callback?code=${CODE}&state=${first.state}`, {
      headers: { host, cookie },
    })
    expect(failure).toMatchObject({ code: 'callback/evicted', hint: expect.stringMatching(/starts logins by itself/) })
  })

  it.each<[what: string, change: (state: string) => string]>([
    ['shortened', (state) => state.slice(0, -1)],
    ['with another end', (state) => `${state.slice(0, -1)}${state.endsWith('A') ? 'B' : 'A'}`],
    ['with something behind it', (state) => `${state}x`],
  ])('with its state %s', async (_what, change) => {
    const app = createApp()
    const { state, browser } = await startLogin(app)
    const headers = { host, cookie: cookieHeader(browser) }
    const failure = await refusal(app, `/auth/callback?code=${CODE}&state=${change(state)}`, { headers })
    expect(failure.code).toBe('callback/transaction-missing')
  })
})

describe('a callback of a login that goes wrong', () => {
  it.each<[what: string, query: string, code: string, says: RegExp]>([
    ['denied', 'error=access_denied&error_description=end-user+denied+authorization', 'denied', /chose Deny/],
    ['denied with a hyphen', 'error=access-denied', 'denied', /chose Deny/],
    ['denied, with a code beside it', `error=access_denied&code=${CODE}`, 'denied', /chose Deny/],
    [
      'for an app that is blocked',
      'error=OAUTH_APP_BLOCKED&error_description=this+app+is+blocked+by+admin',
      'refused',
      /blocked the app/,
    ],
    ['with an error nobody knows', 'error=brand_new&error_description=Strange', 'refused', /brand_new: Strange/],
    ['with markup', 'error=<script>&error_description=<script>alert(1)</script>', 'refused', /‹script›/],
    ['with an empty error', 'error=', 'refused', /answered/],
    ['with an empty code', 'code=', 'code-missing', /neither a code nor an error/],
    ['with nothing', '', 'opened-directly|code-missing', /Salesforce/],
    [
      'on a foreign community',
      `code=${CODE}&sfdc_community_url=https://evil.example`,
      'foreign-community',
      /does not know/,
    ],
    ['on a community that is no address', `code=${CODE}&sfdc_site_url=x`, 'foreign-community', /does not know/],
  ])('%s', async (...[_what, query, code, says]) => {
    const app = createApp()
    const { state, browser } = await startLogin(app)
    const headers = { host, cookie: cookieHeader(browser) }
    const failure = await refusal(app, `/auth/callback?${query}&state=${state}`, { headers })
    expect(failure.code).toMatch(new RegExp(`^callback/(?:${code})$`))
    expect(failure.message).toMatch(says)
  })

  it.each<[what: string, options: Parameters<typeof createApp>[0], code: string]>([
    ['to an org that may not', { allowedOrgs: ['00Dx0000000BV7yEAG'] }, 'org-not-allowed'],
    ['to somebody the app refuses', { onLogin: () => Promise.reject(new Error('not on the list')) }, 'login-refused'],
  ])('%s', async (_what, options, code) => {
    await using salesforce = await scriptSalesforce()
    const app = createApp({ ...options, fetch: salesforce.fetch })
    const { state, nonce, browser } = await startLogin(app)
    salesforce.answers['token'] = { body: await salesforce.tokenAnswer(nonce) }
    const back = visit(`/auth/callback?code=${CODE}&state=${state}`, {
      headers: { host, cookie: cookieHeader(browser) },
    })
    const failure: unknown = await app
      .open(back)
      .handle()
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: `callback/${code}` })
    expect([...back.lines.keys()].filter((name) => name.includes('.sid'))).toEqual([])
  })

  it('is used up by its first callback, also when that failed', async () => {
    const app = createApp()
    const { state, browser } = await startLogin(app)
    const headers = { host, cookie: cookieHeader(browser) }
    await refusal(app, `/auth/callback?error=access_denied&state=${state}`, { headers })
    const failure = await refusal(app, `/auth/callback?code=${CODE}&state=${state}`, { headers })
    expect(failure).toMatchObject({
      code: 'callback/already-used',
      hint: expect.stringMatching(/Start the login again/),
    })
  })

  it.each(['POST', 'HEAD', 'PUT'])('is not taken by %s', async (method) => {
    expect(await createApp().open(visit('/auth/callback?code=x', { method })).handle()).toMatchObject({ status: 405 })
  })
})
