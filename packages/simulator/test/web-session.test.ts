import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { Browser } from './browser.ts'
import { type Answer, authorizeUrl, logIn, obtainCode, postToken } from './login-story.ts'

let sim: Simulator
beforeEach(() => {
  sim = createSimulator()
})

async function singleAccess(
  token: string | undefined,
  { redirectUri, base = sim.org().url }: { redirectUri?: string; base?: string } = {},
): Promise<{ status: number; text: string; uri: string }> {
  const body = new URLSearchParams(redirectUri === undefined ? {} : { redirect_uri: redirectUri })
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const response = await sim.fetch(
    new Request(`${base}/services/oauth2/singleaccess`, { method: 'POST', body, headers }),
  )
  const text = await response.text()
  const answer = text.startsWith('{') ? (JSON.parse(text) as Answer) : {}
  return { status: response.status, text, uri: answer['frontdoor_uri'] ?? '' }
}

const webToken = async (): Promise<string | undefined> =>
  (await logIn(sim, { username: 'grace@acme.example', params: { scope: 'api web' } }))['access_token']

/** Whether the browser is logged in: with `immediate` there is a code only then. */
async function isLoggedIn(browser: Browser): Promise<boolean> {
  const { url } = await browser.open(authorizeUrl(sim, { params: { immediate: 'true', scope: 'api' } }))
  return url.searchParams.has('code')
}

describe('single access', () => {
  it('gives an address on the same host that logs a browser in, once', async () => {
    const { status, uri } = await singleAccess(await webToken())
    expect(status).toBe(200)
    expect(uri).toMatch(new RegExp(`^${sim.org().url}/secur/frontdoor\\.jsp\\?otp=`))
    const browser = new Browser(sim)
    await browser.open(uri)
    expect(await isLoggedIn(browser)).toBe(true)
    const second = new Browser(sim)
    expect((await second.open(uri)).status).toBe(403)
    expect(await isLoggedIn(second)).toBe(false)
  })

  it('ends after a minute', async () => {
    const { uri } = await singleAccess(await webToken())
    sim.clock.advance(60_000)
    expect((await new Browser(sim).open(uri)).status).toBe(403)
  })

  it('opens the path it was asked for', async () => {
    const { uri } = await singleAccess(await webToken(), { redirectUri: '/.well-known/auth-configuration' })
    const { url } = await new Browser(sim).open(uri)
    expect(url.pathname).toBe('/.well-known/auth-configuration')
  })

  it.each(['https://evil.example/', '//evil.example/', 'javascript:alert(1)', 'http://login.localhost/'])(
    'does not lead to %s',
    async (redirectUri) => {
      const { status, text } = await singleAccess(await webToken(), { redirectUri })
      expect([status, text]).toEqual([400, expect.stringContaining('invalid_request')])
    },
  )

  it('needs the scope web, a live token, an opaque one, and an org host', async () => {
    const { access_token: narrow } = await logIn(sim, { params: { scope: 'api' } })
    expect((await singleAccess(narrow)).text).toContain('invalid_scope')
    expect(await singleAccess('garbage')).toMatchObject({ status: 403, text: 'Bad_OAuth_Token' })
    expect(await singleAccess(undefined)).toMatchObject({ status: 403, text: 'Missing_OAuth_Token' })
    expect((await singleAccess(await webToken(), { base: sim.loginUrl })).text).toContain('invalid_request')
    sim.updateApp(sim.app().clientId, { jwtAccessTokens: true })
    expect((await singleAccess(await webToken())).text).toContain('not valid for web sessions')
  })

  it('fails as told', async () => {
    sim.faults.next('singleaccess', { error: 'unknown_error', description: 'retry your request' })
    expect((await singleAccess(await webToken())).text).toContain('unknown_error')
  })
})

describe('the frontdoor', () => {
  it('still takes an access token as sid, but no JWT and no other scope', async () => {
    const open = async (sid = ''): Promise<boolean> => {
      const browser = new Browser(sim)
      await browser.open(`${sim.org().url}/secur/frontdoor.jsp?sid=${encodeURIComponent(sid)}&retURL=%2F`)
      return isLoggedIn(browser)
    }
    expect(await open(await webToken())).toBe(true)
    expect(await open((await logIn(sim, { params: { scope: 'api' } }))['access_token'])).toBe(false)
    expect(await open('garbage')).toBe(false)
  })
})

describe('logout', () => {
  const logoutUrl = (base = sim.org().url): string => `${base}/services/auth/idp/oidc/logout`

  it('ends the session but no token, and ignores where it is asked to go', async () => {
    const browser = new Browser(sim)
    const { url } = await browser.allow(authorizeUrl(sim, { params: { scope: 'api refresh_token' } }))
    const form = { ...(await obtainCode(sim)), code: url.searchParams.get('code') ?? '' }
    const { body } = await postToken(sim, form)
    expect(await isLoggedIn(browser)).toBe(true)
    const shown = await browser.open(`${logoutUrl()}?post_logout_redirect_uri=https%3A%2F%2Fapp.example`)
    expect(shown.url.href).toBe(`${sim.org().url}/`)
    expect(await isLoggedIn(browser)).toBe(false)
    expect(sim.tokenState(body['access_token'] ?? '')).toBe('active')
    expect(sim.tokenState(body['refresh_token'] ?? '')).toBe('active')
  })

  it('does not exist on the generic host', async () => {
    expect((await new Browser(sim).open(logoutUrl(sim.loginUrl))).status).toBe(404)
  })

  it("leads to the org's logout page", async () => {
    sim.updateOrg('Acme', { logoutUrl: 'https://acme.example/bye' })
    expect((await new Browser(sim).open(logoutUrl())).url.href).toBe('https://acme.example/bye')
  })

  it('tells the apps of the person who was logged in, and no others', async () => {
    sim.updateApp(sim.app().clientId, { singleLogoutUrl: 'https://app.example/slo?a=1&b=2' })
    const browser = new Browser(sim)
    expect((await browser.open(logoutUrl())).html).not.toContain('iframe')
    const { url } = await browser.allow(authorizeUrl(sim))
    await postToken(sim, { ...(await obtainCode(sim)), code: url.searchParams.get('code') ?? '' })
    const { html } = await browser.open(logoutUrl())
    expect(html).toContain('<iframe src="https://app.example/slo?a=1&#38;b=2"')
    expect(await isLoggedIn(browser)).toBe(false)
  })
})
