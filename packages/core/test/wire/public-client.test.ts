import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { publicClient } from '../../src/index.ts'
import { outcome, startApp } from './app.ts'
import type { App } from './app.ts'
import { recordFetch } from './recording-fetch.ts'

const CLIENT_ID = '3MVG9public_app.without_a_secret'
const LIMITS = '/services/data/v64.0/limits'
const { fetch, sent } = recordFetch()
let sim: Simulator
let app: App

beforeAll(async () => {
  const open = { secretRequired: false, secretRequiredForRefresh: false, refreshTokenRotation: true }
  const callbackUrls = ['http://localhost/unused']
  const seed = {
    label: 'Public',
    clientId: CLIENT_ID,
    callbackUrls,
    dangerouslyAllowAnyLoopbackCallback: true,
    ...open,
  }
  sim = await startSimulator({ seed: { apps: [seed] } })
  const loginUrl = sim.org().url
  app = await startApp(async () => ({ clientId: CLIENT_ID, clientAuthentication: publicClient(), loginUrl, fetch }), {
    '/call': async (auth) => (await auth.fetch(LIMITS)).status,
    '/me': (auth) => auth.session(),
  })
})
beforeEach(() => void (sent.length = 0))
afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await sim.close()
})

describe('an app without a secret', () => {
  it('logs a person in by PKCE alone, and renews their token, with no proof on any request', async () => {
    const browser = app.browser()
    const start = await browser.get('/auth/login')
    const callback = await sim.signIn(start.headers.get('location') ?? '', { username: 'ada@acme.example' })
    expect((await browser.get(callback.href)).status).toBe(303)
    expect(await (await browser.get('/me')).json()).toMatchObject({ orgId: sim.org().id })
    sim.expireAccessTokens()
    expect(await outcome(await browser.get('/call'))).toBe('200')

    const [code, refresh, ...more] = sent.filter(({ target }) => target === '/services/oauth2/token')
    expect(Object.keys(code?.form ?? {}).toSorted()).toEqual(
      ['client_id', 'code', 'code_verifier', 'format', 'grant_type', 'redirect_uri'].toSorted(),
    )
    expect(refresh?.form).toEqual({
      grant_type: 'refresh_token',
      refresh_token: expect.stringMatching(/^5Aep/),
      client_id: CLIENT_ID,
      format: 'json',
    })
    expect(more).toEqual([])
    for (const one of [code, refresh]) expect(one?.headers).not.toHaveProperty('authorization')
  })

  it('is not let in when somebody else redeems its code without the verifier', async () => {
    const start = await app.browser().get('/auth/login')
    const callback = await sim.signIn(start.headers.get('location') ?? '', { username: 'ada@acme.example' })
    const response = await globalThis.fetch(`${sim.org().url}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: CLIENT_ID,
        code: callback.searchParams.get('code') ?? '',
        redirect_uri: `${callback.origin}${callback.pathname}`,
      }),
    })
    expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_grant' })])
  })
})
