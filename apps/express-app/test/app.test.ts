import type { RequestListener } from 'node:http'
import { createAgent, listen } from '@orgpass/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildApp } from '../src/app.ts'
import { accountsIn, asScript, tell, textOf } from './story.ts'
import type { Story } from './story.ts'

let story: Story

beforeAll(async () => {
  story = await tell()
})
beforeEach(() => story.sim.reset())
afterAll(async () => story.close())

describe('GET / without a session', () => {
  it('offers to connect, and says what will happen', async () => {
    const response = await story.visitor().get('/')
    const page = await response.text()
    expect(response.status).toBe(200)
    expect(page).toContain('<a class="button" href="/auth/login">Connect to Salesforce</a>')
    expect(textOf(page)).toContain('This app never sees your password')
  })

  it('lists demo logins that work', async () => {
    const page = textOf(await (await story.visitor().get('/')).text())
    const { logins, password } = story.simulated.demo
    expect(page).toContain(`with the password ${password}`)
    for (const { username, can } of logins) {
      expect(page).toContain(`${username} ${can}`)
      const start = await story.visitor().get('/auth/login')
      const callback = await story.sim.signIn(start.headers.get('location') ?? '', { username, password })
      expect(callback.searchParams.get('code')).toBeTruthy()
    }
  })

  it('explains how to use a real org, with the callback URL to register', async () => {
    const page = textOf(await (await story.visitor().get('/')).text())
    expect(page).toContain(`${story.url}/auth/callback`)
    for (const scope of ['openid', 'id', 'api', 'refresh_token']) expect(page).toContain(`( ${scope} )`)
    expect(page).toContain(`APP_BASE_URL=${story.url}`)
  })

  it('does not speak of a demo when the org is a real one', async () => {
    let app: RequestListener | undefined
    const server = await listen((req, res) => app?.(req, res))
    const loginUrl = 'https://acme.my.salesforce.com'
    app = buildApp({ env: {}, auth: { clientId: '3MVG9', clientSecret: 'secret', loginUrl, baseUrl: server.url } })
    const response = await createAgent(server.url).get('/')
    const page = await response.text()
    await server.close()
    expect(response.status).toBe(200)
    expect(page).not.toContain('demo')
    expect(page).not.toContain('simulator')
  })
})

describe('GET / with a session', () => {
  it('shows who is logged in, the org, the accounts and the state of the token', async () => {
    const page = await (await (await story.user()).get('/')).text()
    const text = textOf(page)
    expect(text).toContain('Ada Lovell ada@acme.example')
    expect(text).toContain(story.sim.org().id)
    expect(text).toContain(new URL(story.sim.org().instanceUrl).host)
    expect(text).toContain('Salesforce did not say when it ends')
    expect(text).toContain('Renewed Not yet')
    expect(text).toContain('Session ends in 7 days , or in 24 hours if you are not back before')
    expect(accountsIn(page)).toHaveLength(30)
    expect(accountsIn(page)[0]?.name).toBe('Aurora Textiles')
  })

  it('tells the end of the token when it is known', async () => {
    const known = await tell({ tokenExpiry: { introspect: true } })
    const page = textOf(await (await (await known.user()).get('/')).text())
    await known.close()
    expect(page).toContain('Ends in 2 hours , as Salesforce says when asked')
  })

  it('keeps working when the access token died, and counts the renewal', async () => {
    const user = await story.user()
    story.sim.expireAccessTokens()
    const page = await (await user.get('/')).text()
    expect(accountsIn(page)).toHaveLength(30)
    expect(textOf(page)).toContain('Renewed Once since this app started')
  })

  it('shows a clear page with a way back when the grant died', async () => {
    const user = await story.user()
    story.sim.updateUser('ada@acme.example', { active: false })
    story.sim.expireAccessTokens()
    const response = await user.get('/?q=metal')
    const page = await response.text()
    expect(response.status).toBe(401)
    expect(textOf(page)).toContain('Your session ended')
    expect(textOf(page)).toContain('What to do')
    expect(page).toContain('href="/auth/login?returnTo=%2F%3Fq%3Dmetal"')
    expect(textOf(await (await user.get('/')).text())).toContain('Connect to Salesforce')
  })

  it('goes without the profile when the user may not use the identity service', async () => {
    const user = await story.user()
    story.sim.faults.next('identity', { error: 'Bad_Id' })
    const page = await (await user.get('/')).text()
    expect(accountsIn(page)).toHaveLength(30)
    expect(textOf(page)).toContain('Salesforce does not tell this app more about you')
  })

  it('says so when Salesforce is down, and offers to try again', async () => {
    const user = await story.user()
    story.sim.faults.next('data', { drop: 'before' })
    const response = await user.get('/?q=a')
    const page = await response.text()
    expect(response.status).toBe(502)
    expect(textOf(page)).toContain('Salesforce did not answer')
    expect(page).toContain('<a class="button" href="/?q=a">Try again</a>')
    expect((await user.get('/?q=a')).status).toBe(200)
  })

  it('shows what Salesforce refuses in the place of the table', async () => {
    const user = await story.user()
    story.sim.faults.next('data', { status: 503, body: 'html' })
    const page = await (await user.get('/')).text()
    expect(textOf(page)).toContain('Salesforce answered with status 503')
  })

  it('is kept by no cache', async () => {
    expect((await (await story.user()).get('/')).headers.get('cache-control')).toBe('no-store')
  })
})

describe('logging out', () => {
  it('ends the session, says so, and revokes the grant', async () => {
    const user = await story.user()
    expect(story.sim.approvals('ada@acme.example')).toHaveLength(1)
    const response = await user.post('/auth/logout', { form: { returnTo: '/?disconnected=1' } })
    const page = textOf(await (await user.follow(response)).text())
    expect(page).toContain('You are disconnected')
    expect(page).toContain('Connect to Salesforce')
    await expect.poll(() => story.sim.approvals('ada@acme.example')).toHaveLength(0)
  })

  it('is refused to a page of another origin', async () => {
    const user = await story.user()
    const response = await user.post('/auth/logout', { from: 'http://evil.localhost/' })
    expect(response.status).toBe(403)
    expect(textOf(await response.text())).toContain('That did not come from this app')
    expect(accountsIn(await (await user.get('/')).text())).toHaveLength(30)
  })
})

describe('protection of the pages', () => {
  it('allows no inline script or style and no framing', async () => {
    const response = await story.visitor().get('/')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(await response.text()).not.toMatch(/<script(?![^>]* src=)|<style|style="|\son\w+=/)
  })

  it.each(['/page.js', '/base.css', '/entrance.css', '/accounts.css', '/icon.svg'])(
    'serves %s itself',
    async (path) => {
      const response = await story.visitor().get(path)
      expect(response.status).toBe(200)
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    },
  )

  it('leads from another name of this machine to the one with the cookies', async () => {
    const response = await story.visitor().get(`${story.url.replace('localhost', '127.0.0.1')}/?q=x`)
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe(`${story.url}/?q=x`)
  })

  it('leaves the name of a proxy alone', async () => {
    const { port } = new URL(story.url)
    const agent = createAgent('http://127.0.0.1:1', { via: { 'http://127.0.0.1:1': `http://127.0.0.1:${port}` } })
    expect((await agent.get('/')).status).toBe(200)
  })

  it('answers what does not exist with a page', async () => {
    const response = await story.visitor().get('/nowhere')
    expect(response.status).toBe(404)
    expect(textOf(await response.text())).toContain('There is nothing here')
  })

  it('answers a damaged address with a page and its status', async () => {
    const user = await story.user()
    const response = await user.post('/accounts/%E0%A4%A', { form: { name: 'x' } })
    expect(response.status).toBe(400)
    expect(textOf(await response.text())).toContain('Something went wrong')
  })

  it('answers a script without a page', async () => {
    const response = await story.visitor().get('/nowhere', { headers: asScript })
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ message: 'This address leads nowhere.' })
  })
})
