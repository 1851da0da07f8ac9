import { describe, expect, it } from 'vitest'
import type { Simulator } from '../src/index.ts'
import { authorize, basic, codeOf, headlessSimulator, postJson, redemption, siteUrl } from './headless-story.ts'
import { logIn, postToken } from './login-story.ts'

const eve = 'eve@client.example'
const newcomer = {
  userdata: { firstName: 'Nia', lastName: 'Okoro', email: 'nia@mail.example', username: 'nia@client.example' },
  password: 'long enough',
  verificationmethod: 'email',
}

const verified = (type: string, identifier: string | undefined, otp: string | undefined): Record<string, string> => ({
  'auth-request-type': type,
  'auth-verification-type': 'email',
  authorization: basic(identifier ?? '', otp ?? ''),
})

async function initLogin(sim: Simulator): Promise<string | undefined> {
  const body = { username: eve, verificationmethod: 'email' }
  return (await postJson(sim, 'init/passwordless/login', { body })).body['identifier']
}

async function refusal(sim: Simulator, headers: Record<string, string>): Promise<string | undefined> {
  return ((await (await authorize(sim, { headers })).json()) as { error?: string }).error
}

describe('passwordless login', () => {
  it('sends a code that logs in once', async () => {
    const sim = headlessSimulator()
    const headers = verified('passwordless-login', await initLogin(sim), sim.lastOtp(eve))
    const { status, body } = await postToken(sim, redemption(sim, await codeOf(sim, { headers })), {
      base: siteUrl(sim),
    })
    expect(status).toBe(200)
    expect(body['id']).toContain('/005')
    expect(await refusal(sim, headers)).toBe('otp_error')
  })

  it('refuses a wrong code, another method, and a code ten minutes old', async () => {
    const sim = headlessSimulator()
    const identifier = await initLogin(sim)
    const right = verified('passwordless-login', identifier, sim.lastOtp(eve))
    const wrong = verified('passwordless-login', identifier, sim.lastOtp(eve) === '000000' ? '000001' : '000000')
    expect(await refusal(sim, wrong)).toBe('invalid_otp')
    expect(await refusal(sim, { ...right, 'auth-verification-type': 'sms' })).toBe('otp_error')
    sim.clock.advance(600_000)
    expect(await refusal(sim, right)).toBe('otp_error')
  })

  it('ends after five wrong codes', async () => {
    const sim = headlessSimulator()
    const identifier = await initLogin(sim)
    const wrong = verified('passwordless-login', identifier, 'nonsense')
    for (let count = 0; count < 5; count += 1) expect(await refusal(sim, wrong)).toBe('invalid_otp')
    expect(await refusal(sim, verified('passwordless-login', identifier, sim.lastOtp(eve)))).toBe('otp_error')
  })

  it('tells what is wrong with the request', async () => {
    const sim = headlessSimulator()
    const init = async (body: unknown): Promise<unknown> =>
      (await postJson(sim, 'init/passwordless/login', { body })).body
    expect(await init('{')).toEqual({ error: 'invalid_request', error_description: 'the body is no JSON' })
    expect(await init({ username: eve, verificationmethod: 'pigeon' })).toMatchObject({ error: 'invalid_request' })
    expect(await init({ username: 'x@y.example', verificationmethod: 'sms' })).toMatchObject({ error: 'login_error' })
  })
})

describe('registration', () => {
  it('makes the user when the code comes back, who then logs in with the password', async () => {
    const sim = headlessSimulator()
    const { body } = await postJson(sim, 'init/registration', { body: newcomer })
    expect(body).toEqual({ identifier: expect.any(String), email: 'nia@mail.example' })
    const named = { 'auth-request-type': 'Named-User', authorization: basic('nia@client.example', 'long enough') }
    expect(await refusal(sim, named)).toBe('login_error')
    const headers = verified('user-registration', body['identifier'], sim.lastOtp('nia@client.example'))
    expect((await authorize(sim, { headers })).status).toBe(200)
    expect((await authorize(sim, { headers: named })).status).toBe(200)
  })

  it('refuses a username that is taken, before and after the code was sent', async () => {
    const sim = headlessSimulator()
    const taken = { ...newcomer, userdata: { ...newcomer.userdata, username: eve } }
    expect((await postJson(sim, 'init/registration', { body: taken })).body['error']).toBe('registration_error')
    const first = await postJson(sim, 'init/registration', { body: newcomer })
    const firstOtp = sim.lastOtp('nia@client.example')
    const second = await postJson(sim, 'init/registration', { body: newcomer })
    const secondOtp = sim.lastOtp('nia@client.example')
    await authorize(sim, { headers: verified('user-registration', first.body['identifier'], firstOtp) })
    const late = verified('user-registration', second.body['identifier'], secondOtp)
    expect(await refusal(sim, late)).toBe('failed_registration')
  })
})

describe('a forgotten password', () => {
  it('is replaced with the code that was sent', async () => {
    const sim = headlessSimulator()
    expect((await postJson(sim, 'forgot_password', { body: { username: eve } })).status).toBe(200)
    const body = { username: eve, otp: sim.lastOtp(eve), newpassword: 'a new one' }
    expect((await postJson(sim, 'forgot_password', { body })).status).toBe(200)
    const named = { 'auth-request-type': 'Named-User', authorization: basic(eve, 'a new one') }
    expect((await authorize(sim, { headers: named })).status).toBe(200)
    expect((await postJson(sim, 'forgot_password', { body })).body['error']).toBe('otp_error')
  })

  it('does not tell whether somebody exists', async () => {
    const sim = headlessSimulator()
    const answers = await Promise.all(
      [eve, 'x@y.example'].map(async (username) => postJson(sim, 'forgot_password', { body: { username } })),
    )
    expect(answers[0]).toEqual(answers[1])
  })
})

describe('what a site demands', () => {
  const body = { username: eve, verificationmethod: 'email' }

  it('may be a reCAPTCHA token, in either shape', async () => {
    const sim = headlessSimulator({ site: { headless: { requireRecaptcha: ['passwordlessLogin'] } } })
    const init = async (more: object): Promise<number> =>
      (await postJson(sim, 'init/passwordless/login', { body: { ...body, ...more } })).status
    expect(await init({})).toBe(400)
    expect(await init({ recaptcha: 'token' })).toBe(200)
    const recaptchaevent = { token: 't', siteKey: 'k', expectedAction: 'login', projectId: 'p' }
    expect(await init({ recaptchaevent })).toBe(200)
  })

  it('may be a token with the right scope', async () => {
    const sim = headlessSimulator({
      site: { headless: { requireToken: ['passwordlessLogin'] } },
      app: { scopes: ['api', 'pwdless_login_api', 'openid', 'refresh_token'] },
    })
    const init = async (token?: string): Promise<unknown> =>
      (await postJson(sim, 'init/passwordless/login', { body, ...(token !== undefined && { token }) })).body['error']
    const tokenWith = async (scope: string): Promise<string | undefined> => {
      const base = sim.org('Globex').url
      const { clientId } = sim.app('Shop')
      return (await logIn(sim, { base, clientId, username: 'hank@globex.example', params: { scope } }))['access_token']
    }
    expect(await init()).toBe('invalid_token')
    expect(await init(await tokenWith('api'))).toBe('invalid_scope')
    expect(await init(await tokenWith('pwdless_login_api'))).toBeUndefined()
  })

  it('switches services off', async () => {
    const sim = headlessSimulator({ site: { headless: { offers: ['registration'] } } })
    expect((await postJson(sim, 'init/passwordless/login', { body })).status).toBe(400)
    expect((await postJson(sim, 'forgot_password', { body })).status).toBe(400)
    expect((await authorize(sim)).status).toBe(400)
    expect((await postJson(sim, 'init/registration', { body: newcomer })).status).toBe(200)
  })
})
