import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { Browser } from './browser.ts'
import { type Answer, callApi, callback, credentials, postToken } from './login-story.ts'

const ada = 'ada@acme.example'
let sim: Simulator
let id: string
beforeEach(() => {
  sim = createSimulator({ now: () => 1_800_000_000_000 })
  id = sim.app().clientId
})

async function begin(changes: Answer = {}, base?: string): Promise<{ status: number; body: Answer }> {
  const body = { response_type: 'device_code', client_id: id, ...changes }
  return postToken(sim, body, base === undefined ? {} : { base })
}

async function poll(code: string | undefined, changes: Answer = {}): Promise<{ status: number; body: Answer }> {
  return postToken(sim, { grant_type: 'device', client_id: id, code: code ?? '', ...changes })
}

async function pollOutcome(code: string | undefined, changes?: Answer): Promise<string> {
  const { status, body } = await poll(code, changes)
  return status === 200 ? 'ok' : `${status} ${body['error']}: ${body['error_description']}`
}

describe('starting', () => {
  it('is answered in Salesforce’s dialect: no expires_in, an interval in seconds, the host that was asked', async () => {
    for (const base of [sim.org().url, sim.loginUrl]) {
      const { status, body } = await begin({}, base)
      expect([status, body]).toEqual([
        200,
        {
          device_code: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
          user_code: expect.stringMatching(/^[A-Z0-9]{8}$/),
          verification_uri: `${base}/setup/connect`,
          interval: 5,
        },
      ])
    }
  })

  it('tells the interval that the app is set to', async () => {
    sim.updateApp(id, { devicePollInterval: 1000 })
    expect((await begin()).body['interval']).toBe(1)
  })

  it.each([
    ['an unknown client', { client_id: '3MVG9nobody' }, 'invalid_client_id: client identifier invalid'],
    [
      'a scope the app does not have',
      { scope: 'api pardot_api' },
      'invalid_scope: the requested scope is invalid, unknown, or malformed',
    ],
    ['another response type', { response_type: 'code' }, 'unsupported_response_type: response type not supported'],
    ['a wrong secret', { client_secret: 'wrong' }, 'invalid_client: invalid client credentials'],
  ])('with %s is refused', async (_what, changes, expected) => {
    const { status, body } = await begin(changes)
    expect(`${status} ${body['error']}: ${body['error_description']}`).toBe(`400 ${expected}`)
  })

  it('is refused for an app without the flow, and so is polling', async () => {
    const { body } = await begin()
    sim.updateApp(id, { flows: { device: false } })
    const refusal = { error: 'invalid_grant', error_description: 'device flow is not enabled for the app' }
    expect((await begin()).body).toEqual(refusal)
    expect((await poll(body['device_code'])).body).toEqual(refusal)
  })

  it('is refused for an uninstalled app even to those who approved it', async () => {
    const { body } = await begin()
    await sim.approveDevice(body['user_code'] ?? '')
    sim.updateApp(id, { installed: false })
    expect((await begin()).body['error']).toBe('invalid_client')
    expect(await pollOutcome(body['device_code'])).toBe('400 invalid_client: app must be installed into org')
  })
})

describe('polling', () => {
  it('goes from pending to tokens that work and refresh without a secret where the app allows it', async () => {
    const { body } = await begin({ scope: 'openid api refresh_token' })
    expect(await pollOutcome(body['device_code'])).toBe('400 authorization_pending: authorization pending')
    await sim.approveDevice(body['user_code'] ?? '', { username: ada })
    const { status, body: tokens } = await poll(body['device_code'])
    expect([status, Object.keys(tokens).toSorted()]).toEqual([
      200,
      [
        'access_token',
        'id',
        'id_token',
        'instance_url',
        'issued_at',
        'refresh_token',
        'scope',
        'signature',
        'token_type',
      ],
    ])
    expect((await callApi(sim, tokens['access_token'])).status).toBe(200)
    sim.updateApp(id, { secretRequiredForRefresh: false })
    const refreshing = { grant_type: 'refresh_token', refresh_token: tokens['refresh_token'] ?? '', client_id: id }
    expect((await postToken(sim, refreshing)).status).toBe(200)
  }, 20_000)

  it('faster than the interval is told to slow down, without end to the waiting', async () => {
    const { body } = await begin()
    const code = body['device_code']
    expect(await pollOutcome(code)).toMatch(/authorization_pending/)
    sim.clock.advance(4000)
    expect(await pollOutcome(code)).toBe('400 slow_down: polling too quickly for the token endpoint.')
    sim.clock.advance(5000)
    expect(await pollOutcome(code)).toMatch(/authorization_pending/)
    await sim.approveDevice(body['user_code'] ?? '')
    expect(await pollOutcome(code)).toBe('ok')
  })

  it('after a denial is told so', async () => {
    const { body } = await begin()
    await sim.approveDevice(body['user_code'] ?? '', { deny: true })
    expect(await pollOutcome(body['device_code'])).toBe('400 access_denied: end-user denied authorization')
    expect(sim.approvals(ada)).toEqual([])
  })

  it('gives tokens once, whoever of two pollers comes first', async () => {
    const { body } = await begin({ scope: 'api' })
    await sim.approveDevice(body['user_code'] ?? '')
    const both = await Promise.all([pollOutcome(body['device_code']), pollOutcome(body['device_code'])])
    expect(both.toSorted()).toEqual(['400 invalid_grant: token exchange failed', 'ok'])
  })

  it('longer than ten minutes fails, approved or not', async () => {
    const [early, late] = [await begin({ scope: 'api' }), await begin({ scope: 'api' })]
    await sim.approveDevice(early.body['user_code'] ?? '')
    await sim.approveDevice(late.body['user_code'] ?? '')
    sim.clock.advance(600_000)
    expect(await pollOutcome(early.body['device_code'])).toBe('ok')
    sim.clock.advance(1)
    expect(await pollOutcome(late.body['device_code'])).toBe('400 invalid_grant: token exchange failed')
    await expect(sim.approveDevice(late.body['user_code'] ?? '')).rejects.toThrow(RangeError)
  })

  it('with a code that does not exist, or belongs to another app, is refused', async () => {
    const seeded = [{ label: 'Other', callbackUrls: [callback], flows: { device: true } }]
    sim = createSimulator({ seed: { apps: seeded } })
    const { body } = await begin()
    expect(await pollOutcome('nothing')).toBe('400 invalid_request: invalid device code')
    const foreign = await pollOutcome(body['device_code'], credentials(sim, 'Other'))
    expect(foreign).toBe('400 invalid_request: invalid device code')
  })

  it('meets policies that changed since the approval', async () => {
    const { body } = await begin({ scope: 'api' })
    await sim.approveDevice(body['user_code'] ?? '')
    sim.updateUser(ada, { active: false })
    expect(await pollOutcome(body['device_code'])).toBe('400 invalid_grant: inactive user')
  })
})

describe('the page', () => {
  it('takes the code typed with blanks, hyphens and small letters, and asks who and what', async () => {
    const { body } = await begin({ scope: 'api' })
    const code = body['user_code'] ?? ''
    const browser = new Browser(sim)
    const entry = await browser.open(body['verification_uri'] ?? '')
    expect(entry.html).toMatch(/<input[^>]*name="user_code"[^>]*value=""[^>]*autofocus/s)
    const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `
    const login = await browser.submit(entry, { user_code: typed })
    expect(login.text).toMatch(/Orgpass sample/)
    const question = await browser.submit(login, { username: ada, password: 'simulator' })
    expect(question.text).toMatch(new RegExp(`A device that shows ${code} asks`))
    expect((await browser.submit(question, { decision: 'allow' })).text).toMatch(/You are connected/)
    expect(await pollOutcome(body['device_code'])).toBe('ok')
  })

  it('fills in the code of its address, escaped', async () => {
    const page = await new Browser(sim).open(`${sim.org().url}/setup/connect?user_code=%22%3E%3Cb%3E`)
    expect(page.html).toMatch(/value="&#34;&#62;&#60;b&#62;"/)
  })

  it('keeps a wrong password and a wrong code on the page', async () => {
    const { body } = await begin()
    const browser = new Browser(sim)
    const entry = await browser.open(body['verification_uri'] ?? '')
    const wrong = await browser.submit(entry, { user_code: 'AAAAAAAA' })
    expect(wrong.text).toMatch(/No device waits for this code/)
    const login = await browser.submit(wrong, { user_code: body['user_code'] ?? '' })
    const again = await browser.submit(login, { username: ada, password: 'wrong' })
    expect(again.text).toMatch(/to continue to Orgpass sample.*check your username and password/)
    const question = await browser.submit(again, { username: ada, password: 'simulator' })
    expect(question.form?.names.has('decision')).toBe(true)
  })

  it('takes no code from a form of another browser', async () => {
    const { body } = await begin()
    const entry = await new Browser(sim).open(body['verification_uri'] ?? '')
    const refused = await new Browser(sim).submit(entry, { user_code: body['user_code'] ?? '' })
    expect([refused.status, refused.text]).toEqual([403, expect.stringMatching(/out of date/)])
  })

  it('decides nothing for a form of another browser', async () => {
    const { body } = await begin()
    const mine = new Browser(sim)
    const entry = await mine.open(`${body['verification_uri']}?user_code=${body['user_code']}`)
    const login = await mine.submit(entry, { user_code: body['user_code'] ?? '' })
    const question = await mine.submit(login, { username: ada, password: 'simulator' })
    const theirs = new Browser(sim)
    for (const [name, value] of mine.cookies) if (name.includes('_sid_')) theirs.cookies.set(name, value)
    const refused = await theirs.submit(question, { decision: 'allow' })
    expect([refused.status, await pollOutcome(body['device_code'])]).toEqual([
      403,
      '400 authorization_pending: authorization pending',
    ])
  })

  it('lets policy keep a person out, and the device waits on', async () => {
    const { body } = await begin()
    sim.updateApp(id, { permittedUsers: 'adminApproved' })
    const approving = sim.approveDevice(body['user_code'] ?? '', { username: 'alan@acme.example' })
    await expect(approving).rejects.toThrow(/Not allowed.*OAUTH_APP_ACCESS_DENIED/)
    expect(await pollOutcome(body['device_code'])).toMatch(/authorization_pending/)
  })

  it('stands on the login host, too', async () => {
    const { body } = await begin({ scope: 'api' }, sim.loginUrl)
    await sim.approveDevice(body['user_code'] ?? '', { username: 'grace@acme.example' })
    const { body: tokens } = await poll(body['device_code'])
    expect(tokens['id']).toMatch(/\/id\/00D/)
    expect(sim.approvals('grace@acme.example')).toHaveLength(1)
  })
})

describe('a device', () => {
  const users = [{ username: 'hank@globex.example' }, { username: 'eve@client.example', site: 'customers' }]
  const globex = { name: 'Globex', sites: [{ name: 'Customers', path: 'customers' }], users }

  it('is decided on once', async () => {
    const { body } = await begin({ scope: 'api' })
    await sim.approveDevice(body['user_code'] ?? '')
    await expect(sim.approveDevice(body['user_code'] ?? '', { deny: true })).rejects.toThrow(RangeError)
    expect(await pollOutcome(body['device_code'])).toBe('ok')
  })

  it('of a site’s customer learns the site’s address', async () => {
    sim = createSimulator({ seed: { orgs: [globex] } })
    const site = sim.org('Globex').sites[0]?.url ?? ''
    const { body } = await begin({ scope: 'api' }, site)
    expect(body['verification_uri']).toBe(`${site}/setup/connect`)
    await sim.approveDevice(body['user_code'] ?? '')
    const polling = { grant_type: 'device', client_id: id, code: body['device_code'] ?? '' }
    expect((await postToken(sim, polling, { base: site })).body['sfdc_community_url']).toBe(site)
  })

  it('is served at hosts of the org that its user belongs to', async () => {
    sim = createSimulator({ seed: { orgs: [globex] } })
    const { body } = await begin({ scope: 'api' }, sim.org('Globex').url)
    await sim.approveDevice(body['user_code'] ?? '', { username: 'hank@globex.example' })
    expect(await pollOutcome(body['device_code'])).toBe('400 invalid_grant: token exchange failed')
  })

  it('of a local app is unknown to other orgs', async () => {
    sim = createSimulator({ seed: { orgs: [globex] } })
    sim.updateApp(id, { distribution: 'local' })
    const { body } = await begin()
    const browser = new Browser(sim)
    const entry = await browser.open(`${sim.org('Globex').url}/setup/connect`)
    const shown = await browser.submit(entry, { user_code: body['user_code'] ?? '' })
    expect(shown.text).toMatch(/No device waits for this code/)
  })

  it('gets an ID token of the My Domain after an approval on the generic host', async () => {
    const { body } = await begin({ scope: 'openid' }, sim.loginUrl)
    await sim.approveDevice(body['user_code'] ?? '')
    const { body: tokens } = await poll(body['device_code'])
    expect(decodeJwt(tokens['id_token'] ?? '').iss).toBe(sim.org().url)
  }, 20_000)
})

describe('approveDevice', () => {
  it('says what is wrong', async () => {
    await expect(sim.approveDevice('NOTTHERE')).rejects.toThrow('No device waits for the code NOTTHERE.')
    const { body } = await begin()
    const wrong = sim.approveDevice(body['user_code'] ?? '', { password: 'wrong' })
    await expect(wrong).rejects.toThrow(/check your username and password/)
  })
})
