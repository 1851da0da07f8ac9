import { startSimulator } from '@orgpass/simulator'
import type { SignInOptions, Simulator } from '@orgpass/simulator'
import { createClock, eventually } from '@orgpass/testing'
import type { Agent } from '@orgpass/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SalesforceAuthError } from '../../src/index.ts'
import type { SalesforceAuthOptions } from '../../src/index.ts'
import { outcome, startApp } from './app.ts'
import type { App } from './app.ts'

const ADA = 'ada@acme.example'
const clock = createClock()
let sim: Simulator

beforeAll(async () => {
  const sandbox = { name: 'Acme QA', kind: 'sandbox' as const, users: [{ username: 'ada@acme.example.qa' }] }
  const sites = [{ name: 'Customers', path: 'customers' }]
  const umbrella = { name: 'Umbrella', sites, users: [{ username: 'carol@customer.example', site: 'customers' }] }
  const initech = {
    name: 'Initech',
    issuerOnLoginHost: 'loginHost' as const,
    users: [{ username: 'bill@initech.example' }],
  }
  sim = await startSimulator({ now: clock.now, seed: { orgs: [sandbox, umbrella, initech] } })
})
afterEach(() => sim.reset())
afterAll(() => sim.close())

/** The app under test, on Acme's own host unless told otherwise. */
async function open(options: SalesforceAuthOptions = {}): Promise<App> {
  const { clientId, clientSecret } = sim.app()
  const known = { clientId, clientSecret, loginUrl: sim.org().url, now: clock.now }
  return startApp(async () => ({ ...known, ...options }), {
    '/': async () => 'home',
    '/me': (auth) => auth.session(),
    '/call': async (auth) => (await auth.fetch('/services/data/v64.0/limits')).status,
  })
}

/** From the login route to Salesforce and back; what the callback answered. */
async function login(agent: Agent, options: SignInOptions & { start?: string } = {}): Promise<Response> {
  const { start = '/auth/login', ...person } = options
  const away = await agent.get(start)
  const callback = await sim.signIn(away.headers.get('location') ?? '', person)
  return agent.get(callback.href)
}

async function begin(agent: Agent, start = '/auth/login'): Promise<string> {
  return (await agent.get(start)).headers.get('location') ?? ''
}

const me = async (agent: Agent): Promise<unknown> => (await agent.get('/me')).json()
const tokenPaths = (): string[] =>
  sim.requests.filter(({ grantType }) => grantType !== undefined).map(({ origin, path }) => origin + path)

describe('a login', () => {
  it.each([
    ['a sandbox by the generic sandbox host', 'Acme QA', () => sim.sandboxLoginUrl, 'ada@acme.example.qa'],
    ['an org by the generic host', 'Acme', () => sim.loginUrl, ADA],
    ['an org whose ID tokens name the generic host', 'Initech', () => sim.loginUrl, 'bill@initech.example'],
    ['an org by its My Domain', 'Acme', () => sim.org().url, ADA],
    ['a site with a path', 'Umbrella', () => sim.org('Umbrella').sites[0]?.url ?? '', 'carol@customer.example'],
  ])('reaches %s, and redeems the code there', async (_, org, ...[base, username]) => {
    const issuers: unknown[] = []
    const onLogin: SalesforceAuthOptions['onLogin'] = ({ idTokenClaims }) => void issuers.push(idTokenClaims?.['iss'])
    await using app = await open({ loginUrl: base(), onLogin })
    const agent = app.browser()
    expect(await outcome(await login(agent, { username }))).toBe('303')
    expect(await me(agent)).toMatchObject({ orgId: sim.org(org).id, instanceUrl: sim.org(org).url })
    expect(tokenPaths()).toEqual([`${base()}/services/oauth2/token`])
    const isGeneric = base() === sim.loginUrl || base() === sim.sandboxLoginUrl
    expect(issuers).toEqual([isGeneric && org !== 'Initech' ? sim.org(org).url : base()])
  })

  it('by the generic host is refused when the ID token names neither that host nor the instance', async () => {
    await using app = await open({ loginUrl: sim.loginUrl })
    await sim.moveInstance()
    expect(await outcome(await login(app.browser()))).toBe('502 token/id-token-issuer')
    await eventually(() => sim.approvals(ADA).length === 0)
  })

  it('by My Domain does not mind that the instance has moved', async () => {
    await using app = await open()
    const moved = await sim.moveInstance()
    const agent = app.browser()
    expect(await outcome(await login(agent))).toBe('303')
    expect(await me(agent)).toMatchObject({ instanceUrl: moved })
  })

  it('sends what was asked for, and nothing that only looks like it', async () => {
    await using app = await open()
    const asked = new URL(await begin(app.browser(), '/auth/login?prompt=login&login_hint=grace%40acme.example'))
    expect(asked.origin + asked.pathname).toBe(`${sim.org().url}/services/oauth2/authorize`)
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      response_type: 'code',
      client_id: sim.app().clientId,
      redirect_uri: `${app.url}/auth/callback`,
      scope: 'openid id api refresh_token',
      state: expect.stringMatching(/^[\w-]+\.[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      prompt: 'login',
      login_hint: 'grace@acme.example',
    })
    const odd = `/auth/login?prompt=none&login_hint=${'x'.repeat(201)}&scope=full&redirect_uri=https://evil.example`
    const plain = new URL(await begin(app.browser(), odd)).searchParams
    expect([plain.get('prompt'), plain.get('login_hint'), plain.get('scope')]).toEqual([
      null,
      null,
      asked.searchParams.get('scope'),
    ])
    expect(plain.get('redirect_uri')).toBe(`${app.url}/auth/callback`)
  })

  it.each([
    ['/accounts?q=a%20b#top', '/accounts?q=a%20b#top'],
    ['/auth/login', '/'],
    ['//evil.example', '/'],
    ['https://evil.example/', '/'],
    ['/\\evil.example', '/'],
    ['/a/..//evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['', '/'],
  ])('with returnTo %s leads to %s', async (returnTo, expected) => {
    await using app = await open()
    const back = await login(app.browser(), { start: `/auth/login?returnTo=${encodeURIComponent(returnTo)}` })
    expect([back.status, back.headers.get('location')]).toEqual([303, expected])
  })

  // login.ts and request-auth.ts fall back to '/', which below a base path is somebody else's page.
  it('and a logout lead to the app itself when it lives below a path', async () => {
    await using app = await open({ baseUrl: 'http://app.localhost/crm' })
    const agent = app.browser({ via: { 'http://app.localhost': app.url } })
    const back = await login(agent, { start: '/crm/auth/login' })
    const bye = await agent.post('/crm/auth/logout')
    expect([back, bye].map(({ headers }) => headers.get('location'))).toEqual(['/crm/', '/crm/'])
  })

  it('behind a proxy that ends TLS uses https for the callback and host-bound secure cookies', async () => {
    await using app = await open({ baseUrl: 'https://app.localhost' })
    const agent = app.browser({ via: { 'https://app.localhost': app.url } })
    expect(new URL(await begin(agent)).searchParams.get('redirect_uri')).toBe('https://app.localhost/auth/callback')
    expect(await outcome(await login(agent))).toBe('303')
    const cookies = agent.cookies.all()
    expect(cookies.map(({ name }) => name)).toContain('__Host-salesforce.sid')
    expect(cookies.every(({ name, secure, httpOnly }) => name.startsWith('__Host-') && secure && httpOnly)).toBe(true)
  })
})

describe('scopes', () => {
  it('without openid need no ID token and send no nonce', async () => {
    await using app = await open({ scope: 'id api refresh_token' })
    const agent = app.browser()
    expect(new URL(await begin(agent)).searchParams.has('nonce')).toBe(false)
    expect(await outcome(await login(agent))).toBe('303')
    expect(await outcome(await agent.get('/call'))).toBe('200')
  })

  it('that the app lacks are refused at Salesforce, with the place to assign them', async () => {
    await using app = await open()
    sim.updateApp(sim.app().clientId, { scopes: ['id', 'api', 'refresh_token'] })
    const response = await login(app.browser())
    expect([response.status, await response.json()]).toMatchObject([
      403,
      { error: 'callback/refused', hint: expect.stringMatching(/Selected OAuth Scopes/) },
    ])
  })

  it('that were granted are what the session tells, and without refresh_token a dead token means a login', async () => {
    await using app = await open({ scope: ['api'] })
    const agent = app.browser()
    await login(agent)
    expect(await me(agent)).toMatchObject({ scope: ['api'] })
    sim.expireAccessTokens()
    expect(await outcome(await agent.get('/call'))).toBe('401 token/refresh-missing')
    expect(await me(agent)).toBeNull()
  })
})

describe('who may come in', () => {
  const lines = (agent: Agent): string[] => agent.cookies.all().map(({ name }) => name)

  it('is decided by allowedOrgs: a stranger gets no session, and the grant is revoked', async () => {
    await using app = await open({ loginUrl: sim.loginUrl, allowedOrgs: [sim.org('Umbrella').id] })
    const agent = app.browser()
    const response = await login(agent, { username: ADA })
    expect([response.status, await response.json()]).toMatchObject([
      403,
      { error: 'callback/org-not-allowed', hint: expect.stringMatching(/allowedOrgs/) },
    ])
    expect(lines(agent)).toEqual([])
    await eventually(() => sim.approvals(ADA).length === 0)
  })

  it.each([
    ['an error', new Error('not on the guest list'), '403 callback/login-refused'],
    ['an error of this kit', new SalesforceAuthError('session/missing', 'No.'), '401 session/missing'],
  ])('is decided by onLogin, which refuses by throwing %s; the grant is revoked', async (_, thrown, expected) => {
    await using app = await open({ onLogin: async () => Promise.reject(thrown) })
    const agent = app.browser()
    expect(await outcome(await login(agent))).toBe(expected)
    expect(lines(agent)).toEqual([])
    await eventually(() => sim.approvals(ADA).length === 0)
  })

  it('is told to onLogin, whose data stays with the session', async () => {
    const onLogin: SalesforceAuthOptions['onLogin'] = async ({ session, tokens }) => ({
      team: 'north',
      sameUser: session.userId === tokens.identity.userId,
    })
    await using app = await open({ onLogin })
    const agent = app.browser()
    await login(agent)
    expect(await me(agent)).toMatchObject({ data: { team: 'north', sameUser: true } })
  })

  it('cannot be kept when onLogin gives too much data; the grant is revoked', async () => {
    await using app = await open({ onLogin: () => ({ essay: 'x'.repeat(3_000) }) })
    expect(await outcome(await login(app.browser()))).toBe('500 session/data-invalid')
    await eventually(() => sim.approvals(ADA).length === 0)
  })

  it('does not include a Local app on the generic host: the hint says My Domain', async () => {
    sim.updateApp(sim.app().clientId, { distribution: 'local' })
    await using app = await open({ loginUrl: sim.loginUrl })
    const response = await login(app.browser(), { username: ADA })
    expect([response.status, await response.json()]).toMatchObject([
      403,
      { error: 'callback/refused', hint: expect.stringMatching(/My Domain/) },
    ])
  })

  it('does not include who pressed Deny, and asking again works', async () => {
    await using app = await open()
    const agent = app.browser()
    expect(await outcome(await login(agent, { deny: true }))).toBe('403 callback/denied')
    expect(await outcome(await login(agent))).toBe('303')
  })

  it('a refused second login leaves the first session as it is', async () => {
    let welcome = true
    await using app = await open({ onLogin: () => (welcome ? undefined : Promise.reject(new Error('no'))) })
    const agent = app.browser()
    await login(agent)
    welcome = false
    expect(await outcome(await login(agent, { username: 'grace@acme.example' }))).toBe('403 callback/login-refused')
    expect(await outcome(await agent.get('/call'))).toBe('200')
    await eventually(() => sim.approvals('grace@acme.example').length === 0)
    expect(sim.approvals(ADA)).toHaveLength(1)
  })

  it('a second login in one browser replaces the session and revokes the first grant', async () => {
    const grants: string[] = []
    await using app = await open({ onLogin: ({ tokens }) => void grants.push(tokens.refreshToken ?? '') })
    const agent = app.browser()
    await login(agent)
    const first = await me(agent)
    await login(agent, { start: '/auth/login?prompt=login' })
    expect(await me(agent)).not.toMatchObject({ id: (first as { id: string }).id })
    await eventually(() => sim.tokenState(grants[0] ?? '') === 'revoked')
    expect(sim.tokenState(grants[1] ?? '')).toBe('active')
    expect(await outcome(await agent.get('/call'))).toBe('200')
  })
})
