import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Seed, type Simulator } from '../src/index.ts'
import { Browser } from './browser.ts'
import { authorizeUrl, callback, logIn } from './login-story.ts'

const seed: Seed = {
  orgs: [
    {
      name: 'Globex',
      users: [{ username: 'hank@globex.example' }, { username: 'eve@globex.example', site: 'customers' }],
      sites: [{ name: 'Customers', path: 'customers' }],
    },
    { name: 'Acme Dev', kind: 'sandbox', users: [{ username: 'ada@acme.example.dev' }] },
  ],
}

let sim: Simulator
let browser: Browser
beforeEach(() => {
  sim = createSimulator({ seed })
  browser = new Browser(sim)
})

const query = (url: URL): Record<string, string> => Object.fromEntries(url.searchParams)

describe('faults of the client or the callback are bare text on the login host', () => {
  it.each([
    ['no client id', { client_id: null }, 'error=invalid_client_id&error_description=client%20identifier%20invalid'],
    [
      'an unknown client id',
      { client_id: '3MVG9nobody' },
      'error=invalid_client_id&error_description=client%20identifier%20invalid',
    ],
    [
      'no callback',
      { redirect_uri: null },
      'error=redirect_uri_missing&error_description=redirect_uri%20not%20provided',
    ],
    [
      'the out-of-band callback',
      { redirect_uri: 'urn:ietf:wg:oauth:2.0:oob' },
      'error=invalid_request&error_description=out-of-band%20not%20supported',
    ],
    [
      'a callback of another site',
      { redirect_uri: 'https://evil.example/auth/callback' },
      'error=redirect_uri_mismatch&error_description=redirect_uri%20must%20match%20configuration',
    ],
    [
      'a loopback look-alike',
      { redirect_uri: 'http://localhost.evil.example/auth/callback' },
      'error=redirect_uri_mismatch&error_description=redirect_uri%20must%20match%20configuration',
    ],
  ])('%s', async (_what, params, text) => {
    const shown = await browser.open(authorizeUrl(sim, { params }))
    expect([shown.status, shown.html]).toEqual([400, text])
  })

  it('a trailing slash that is not registered', async () => {
    sim.updateApp(sim.app().clientId, { dangerouslyAllowAnyLoopbackCallback: false })
    expect((await browser.open(authorizeUrl(sim, { params: { redirect_uri: `${callback}/` } }))).html).toContain(
      'redirect_uri_mismatch',
    )
  })

  it('a POST', async () => {
    const url = authorizeUrl(sim)
    const shown = await browser.open(url, { a: 'b' })
    expect(shown.html).toBe('error=invalid_request&error_description=must%20use%20HTTP%20GET')
  })
})

describe('later faults go to the callback, with the state, before any login', () => {
  it.each([
    ['no code challenge', { code_challenge: null }, 'invalid_request', 'missing required code challenge'],
    [
      'no code challenge comes before the response type',
      { code_challenge: null, response_type: 'x' },
      'invalid_request',
      'missing required code challenge',
    ],
    ['the plain method', { code_challenge_method: 'plain' }, 'invalid_request', 'code challenge method not supported'],
    ['a short code challenge', { code_challenge: 'abc' }, 'invalid_request', 'invalid code challenge'],
    [
      'an unknown response type',
      { response_type: 'id_token' },
      'unsupported_response_type',
      'response type not supported',
    ],
    ['no response type', { response_type: null }, 'unsupported_response_type', 'response type not supported'],
    [
      'a scope the app lacks',
      { scope: 'api full' },
      'invalid_scope',
      'the requested scope is invalid, unknown, or malformed',
    ],
    ['prompt=none', { prompt: 'none' }, 'invalid_request', 'prompt value not supported'],
    ['immediate without a session', { immediate: 'true' }, 'immediate_unsuccessful', 'immediate unsuccessful'],
  ])('%s', async (...[, params, error, error_description]) => {
    const { url } = await browser.open(authorizeUrl(sim, { params }))
    expect(url.origin + url.pathname).toBe(callback)
    expect(query(url)).toEqual({ error, error_description, state: 's1' })
  })

  it.each([
    ['the app is off', { enabled: false }],
    ['the web server flow is off', { flows: { webServer: false } }],
  ])('%s', async (_what, changes) => {
    sim.updateApp(sim.app().clientId, changes)
    const { url } = await browser.open(authorizeUrl(sim))
    expect(query(url)['error']).toBe('oauth_flow_disabled')
  })
})

describe('the login page', () => {
  it('names the org and the app and says where a wrong password is', async () => {
    const page = await browser.open(authorizeUrl(sim))
    expect(page.text).toContain('Acme')
    expect(page.text).toContain('Orgpass sample')
    const again = await browser.submit(page, { username: 'ada@acme.example', password: 'wrong' })
    expect(again.text).toContain('Please check your username and password')
    expect(again.html).toContain('value="ada@acme.example"')
    const next = await browser.submit(again, { username: 'ADA@acme.example', password: 'simulator' })
    expect(next.text).toContain('Allow Orgpass sample access?')
  })

  it('refuses an inactive user in words of its own', async () => {
    sim.updateUser('ada@acme.example', { active: false })
    expect((await browser.logIn(authorizeUrl(sim))).text).toContain('Your access is disabled')
  })

  it('lets external users in on their site only, and employees everywhere else', async () => {
    const asks = async (base: string | undefined, username: string): Promise<boolean> =>
      (await new Browser(sim).logIn(authorizeUrl(sim, { ...(base && { base }) }), username)).text.includes('Allow')
    const { url, sites } = sim.org('Globex')
    expect(await asks(sites[0]?.url, 'eve@globex.example')).toBe(true)
    expect(await asks(url, 'eve@globex.example')).toBe(false)
    expect(await asks(sites[0]?.url, 'hank@globex.example')).toBe(false)
    expect(await asks(url, 'hank@globex.example')).toBe(true)
  })

  it('refuses people of another org', async () => {
    expect((await browser.logIn(authorizeUrl(sim), 'hank@globex.example')).text).toContain('Please check')
  })

  it.each([
    ['the login host knows production users', 'loginUrl', 'hank@globex.example', true],
    ['the login host knows no sandbox users', 'loginUrl', 'ada@acme.example.dev', false],
    ['the sandbox host knows sandbox users', 'sandboxLoginUrl', 'ada@acme.example.dev', true],
    ['the sandbox host knows no production users', 'sandboxLoginUrl', 'ada@acme.example', false],
  ] as const)('%s', async (...[, host, username, isKnown]) => {
    const shown = await browser.logIn(authorizeUrl(sim, { base: sim[host] }), username)
    expect(shown.text.includes('Allow')).toBe(isKnown)
  })

  it('fills in the hint, on sites only together with prompt=login', async () => {
    const hinted = async (base: string, params: Record<string, string>): Promise<boolean> => {
      const url = authorizeUrl(sim, { base, params: { login_hint: 'someone@x.example', ...params } })
      return (await browser.open(url)).html.includes('value="someone@x.example"')
    }
    const site = sim.org('Globex').sites[0]?.url ?? ''
    expect(await hinted(sim.org().url, {})).toBe(true)
    expect(await hinted(site, {})).toBe(false)
    expect(await hinted(site, { prompt: 'login' })).toBe(true)
  })

  it('refuses a form that was not shown in this browser', async () => {
    const page = await browser.open(authorizeUrl(sim))
    const shown = await new Browser(sim).submit(page, { username: 'ada@acme.example', password: 'simulator' })
    expect([shown.status, shown.text]).toEqual([403, expect.stringContaining('This form is out of date')])
  })

  it('sets HttpOnly, SameSite=Lax cookies named after its port', async () => {
    const response = await sim.fetch(new Request(authorizeUrl(sim)))
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^simulator_browser_80=\w+; Path=\/; HttpOnly; SameSite=Lax$/),
    ])
  })
})

describe('approval', () => {
  it('returns a code and the state unchanged', async () => {
    const state = 'a b&c=ü%20'
    const { url } = await browser.allow(authorizeUrl(sim, { params: { state } }))
    expect(query(url)).toEqual({ code: expect.stringMatching(/^aPrx\w{70}==$/), state })
    expect(url.search).toContain('%3D%3D')
  })

  it('denies with access_denied', async () => {
    const back = await sim.signIn(authorizeUrl(sim), { deny: true })
    expect(query(back)).toEqual({
      error: 'access_denied',
      error_description: 'end-user denied authorization',
      state: 's1',
    })
  })

  it('is skipped once tokens were issued, unless asked again or for more', async () => {
    await logIn(sim)
    const asks = async (params: Record<string, string>): Promise<boolean> =>
      (await new Browser(sim).logIn(authorizeUrl(sim, { params }))).text.includes('Allow')
    expect(await asks({})).toBe(false)
    expect(await asks({ prompt: 'consent' })).toBe(true)
    expect(await asks({ scope: 'id api refresh_token web' })).toBe(true)
  })

  it('is skipped for the pre-approved', async () => {
    sim.updateApp(sim.app().clientId, { permittedUsers: 'adminApproved', permissionSets: ['Integrations'] })
    expect((await browser.logIn(authorizeUrl(sim))).url.searchParams.has('code')).toBe(true)
  })
})

describe('a browser session', () => {
  it('skips the login; prompt=login and select_account ask again', async () => {
    await browser.allow(authorizeUrl(sim))
    expect((await browser.open(authorizeUrl(sim))).text).toContain('Allow')
    expect((await browser.open(authorizeUrl(sim, { params: { prompt: 'login' } }))).text).toContain('Log in to Acme')
    const chooser = await browser.open(authorizeUrl(sim, { params: { prompt: 'select_account' } }))
    expect(chooser.html).toContain('<option value="ada@acme.example">')
  })

  it('lets immediate=true through once approved, though never on a site', async () => {
    await logIn(sim)
    await browser.logIn(authorizeUrl(sim))
    const quiet = await browser.open(authorizeUrl(sim, { params: { immediate: 'true' } }))
    expect(quiet.url.searchParams.has('code')).toBe(true)
    const base = sim.org('Globex').sites[0]?.url ?? ''
    await logIn(sim, { base })
    const onSite = new Browser(sim)
    await onSite.logIn(authorizeUrl(sim, { base }), 'eve@globex.example')
    const refused = await onSite.open(authorizeUrl(sim, { base, params: { immediate: 'true' } }))
    expect(refused.url.searchParams.get('error')).toBe('immediate_unsuccessful')
  })

  it('ends after the session timeout, at logout and with the user', async () => {
    const isLoggedIn = async (): Promise<boolean> => !(await browser.open(authorizeUrl(sim))).text.includes('Log in to')
    await browser.logIn(authorizeUrl(sim))
    expect(await isLoggedIn()).toBe(true)
    sim.clock.advance(2 * 3_600_000)
    expect(await isLoggedIn()).toBe(false)
    await browser.logIn(authorizeUrl(sim))
    await browser.open(`${sim.org().url}/services/auth/idp/oidc/logout`)
    expect(await isLoggedIn()).toBe(false)
    await browser.logIn(authorizeUrl(sim))
    sim.updateUser('ada@acme.example', { active: false })
    expect(await isLoggedIn()).toBe(false)
  })
})

describe('policy refuses after the login', () => {
  it.each([
    ['a blocked app', { blocked: true }, 'OAUTH_APP_BLOCKED'],
    ['a user without the permission set', { permittedUsers: 'adminApproved' as const }, 'OAUTH_APP_ACCESS_DENIED'],
    ['an address outside the ranges', { ipRanges: ['10.0.0.0/8'] }, 'invalid_grant'],
    ['a local app of another org', { distribution: 'local' as const }, 'OAUTH_AUTHORIZATION_BLOCKED'],
    ['an app that is not installed', { installed: false }, 'invalid_client'],
  ])('%s', async (_what, changes, error) => {
    sim.updateApp(sim.app().clientId, changes)
    const back = await sim.signIn(authorizeUrl(sim, { base: sim.loginUrl }), { username: 'hank@globex.example' })
    expect(query(back)).toMatchObject({ error, state: 's1' })
  })

  it('a local app on the generic host, even for its own org', async () => {
    sim.updateApp(sim.app().clientId, { distribution: 'local' })
    const through = async (base: string): Promise<string | null> =>
      (await sim.signIn(authorizeUrl(sim, { base }))).searchParams.get('error')
    expect(await through(sim.loginUrl)).toBe('OAUTH_EC_APP_NOT_FOUND')
    expect(await through(sim.org().url)).toBeNull()
  })

  it('an app that is not installed lets those in who approved it before, and administrators', async () => {
    await logIn(sim, { username: 'grace@acme.example' })
    sim.updateApp(sim.app().clientId, { installed: false })
    const error = async (username: string): Promise<string | null> =>
      (await sim.signIn(authorizeUrl(sim), { username })).searchParams.get('error')
    expect(await error('grace@acme.example')).toBeNull()
    expect(await error('ada@acme.example')).toBeNull()
    expect(await error('alan@acme.example')).toBe('invalid_client')
  })

  it('a locked org', async () => {
    const locked: Seed = { orgs: [{ name: 'Shut', status: 'locked', users: [{ username: 'u@shut.example' }] }] }
    sim = createSimulator({ seed: locked })
    const back = await sim.signIn(authorizeUrl(sim, { base: sim.org('Shut').url }))
    expect(query(back)['error']).toBe('inactive_org')
  })
})
