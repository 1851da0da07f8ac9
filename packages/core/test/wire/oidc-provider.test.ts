import { createClock, eventually } from '@orgpass/testing'
import type { Agent } from '@orgpass/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { memoryStore } from '../../src/index.ts'
import type { SalesforceAuthOptions } from '../../src/index.ts'
import { outcome, startApp } from './app.ts'
import type { App, Pages } from './app.ts'
import { CLIENT, PERSON, startThirdParty } from './provider.ts'
import type { ThirdParty } from './provider.ts'

const HOUR = 3_600_000
// oidc-provider says on every start that its memory is no database.
beforeAll(() => {
  vi.spyOn(console, 'warn').mockReturnValue()
  vi.spyOn(console, 'info').mockReturnValue()
})
afterAll(() => void vi.restoreAllMocks())

const pages: Pages = {
  '/': async () => 'home',
  '/call': async (auth) => (await auth.fetch('/services/data/v64.0/limits')).json(),
  '/me': (auth) => auth.session(),
  '/userinfo': (auth) => auth.userinfo(),
  '/introspect': (auth) => auth.introspect(),
}
const homes = {
  'the session in the cookie': () => ({}),
  'the session in a store': () => ({ store: memoryStore() }),
}

interface Stage extends AsyncDisposable {
  readonly app: App
  readonly third: ThirdParty
  login(): Promise<Agent>
}

async function stage(options: SalesforceAuthOptions = {}): Promise<Stage> {
  const session = { secret: 'a session secret of the tests, long enough: 0123456789', ...options.session }
  const thirds: ThirdParty[] = []
  const app = await startApp(async (url) => {
    const third = await startThirdParty(`${url}/auth/callback`)
    thirds.push(third)
    return { ...CLIENT, loginUrl: third.url, ...options, session }
  }, pages)
  const [third] = thirds
  if (third === undefined) throw new Error('The authorization server did not start.')
  return {
    app,
    third,
    async login() {
      const agent = app.browser()
      let response = await agent.get('/auth/login?returnTo=/')
      for (let hop = 0; response.status >= 300 && hop < 10; hop++) response = await agent.follow(response)
      if (response.status !== 200) throw new Error(`The login failed: ${response.status} ${await response.text()}`)
      return agent
    },
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      await third[Symbol.asyncDispose]()
    },
  }
}

/** Ends the access token that the session uses, behind its back. */
async function killAccessToken({ third }: Stage, agent: Agent): Promise<void> {
  await agent.get('/call')
  await (await third.provider.AccessToken.find(third.seen.at(-1) ?? ''))?.destroy()
}

async function replay({ third }: Stage, token: string): Promise<void> {
  const { clientId: client_id, clientSecret: client_secret } = CLIENT
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token, client_id, client_secret })
  const response = await fetch(`${third.url}/services/oauth2/token`, { method: 'POST', body })
  expect(await response.json()).toMatchObject({ error: 'invalid_grant' })
}

async function atOnce(agent: Agent): Promise<string[]> {
  return Promise.all(Array.from({ length: 20 }, async () => outcome(await agent.get('/call'))))
}

describe.each(Object.entries(homes))('against oidc-provider, with %s', (_, home) => {
  it('a whole login comes back with an identity, an ID token and a token that calls', async () => {
    const claims: unknown[] = []
    const onLogin: SalesforceAuthOptions['onLogin'] = ({ idTokenClaims }) => void claims.push(idTokenClaims)
    await using scene = await stage({ onLogin, session: home() })
    const agent = await scene.login()
    expect(await (await agent.get('/call')).json()).toEqual({ ok: true })
    const me = await (await agent.get('/me')).json()
    expect(me).toMatchObject({ ...PERSON, instanceUrl: scene.third.url, tokenExpirySource: 'answer' })
    expect(claims).toMatchObject([{ iss: scene.third.url, aud: CLIENT.clientId }])
    expect(scene.third.events).toEqual(['success authorization_code'])
  })

  it('userinfo and introspection are read', async () => {
    await using scene = await stage({ session: home() })
    const agent = await scene.login()
    expect(await (await agent.get('/userinfo')).json()).toMatchObject({ ...PERSON, username: 'ada@acme.example' })
    const answer = await (await agent.get('/introspect')).json()
    expect(answer).toMatchObject({ active: true, clientId: CLIENT.clientId, identity: PERSON })
  })

  it('20 requests that meet a dead token cost one refresh, and no replay is detected', async () => {
    await using scene = await stage({ session: home() })
    const agent = await scene.login()
    for (let round = 1; round <= 3; round++) {
      await killAccessToken(scene, agent)
      expect(await atOnce(agent)).toEqual(Array.from({ length: 20 }, () => '200'))
      expect(scene.third.events.filter((event) => event === 'success refresh_token')).toHaveLength(round)
    }
    expect(scene.third.events).not.toContain('revoked')
    expect(scene.third.events.filter((event) => event.startsWith('error'))).toEqual([])
  })

  it('20 requests whose token is known to end cost one refresh before any call', async () => {
    const clock = createClock()
    await using scene = await stage({ now: clock.now, session: { ...home(), idleTimeout: 24 * HOUR } })
    const agent = await scene.login()
    clock.advance(2 * HOUR)
    expect(await atOnce(agent)).toEqual(Array.from({ length: 20 }, () => '200'))
    expect(scene.third.events).toEqual(['success authorization_code', 'success refresh_token'])
    expect(new Set(scene.third.seen).size).toBe(1)
  })

  it('a replay by somebody else does end the grant, and the next request says to log in', async () => {
    const stolen: string[] = []
    const onLogin: SalesforceAuthOptions['onLogin'] = ({ tokens }) => void stolen.push(tokens.refreshToken ?? '')
    await using scene = await stage({ onLogin, session: home() })
    const agent = await scene.login()
    await killAccessToken(scene, agent)
    expect(await outcome(await agent.get('/call'))).toBe('200')
    await replay(scene, stolen[0] ?? '')
    expect(scene.third.events).toContain('revoked')
    expect(await outcome(await agent.get('/call'))).toBe('401 token/grant-ended')
    expect(await outcome(await agent.get('/call'))).toBe('401 session/missing')
  })

  it('a logout revokes the newest tokens', async () => {
    await using scene = await stage({ session: home() })
    const agent = await scene.login()
    await killAccessToken(scene, agent)
    await agent.get('/call')
    const token = scene.third.seen.at(-1) ?? ''
    expect(await scene.third.provider.AccessToken.find(token)).toBeDefined()
    expect((await agent.post('/auth/logout')).status).toBe(303)
    await eventually(() => scene.third.events.includes('revoked'))
    expect(await scene.third.provider.AccessToken.find(token)).toBeUndefined()
    expect(await outcome(await agent.get('/call'))).toBe('401 session/missing')
  })
})
