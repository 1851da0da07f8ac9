import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  authorizationCode,
  codeAndCredentials,
  finishForgotPassword,
  finishPasswordlessLogin,
  finishRegistration,
  startForgotPassword,
  startPasswordlessLogin,
  startRegistration,
} from '../../src/flows/index.ts'
import { openTokenEndpoint, publicClient } from '../../src/index.ts'
import type { TokenEndpoint } from '../../src/index.ts'
import { breakdowns, listenBriefly } from './breakdowns.ts'
import { HEADLESS, openHeadlessWire, siteOf } from './headless-wire.ts'
import { failureOf, oauthFailure, transportFailure } from './refusals.ts'
import { lastSent, REDIRECT_URI } from './wire.ts'
import type { Wire } from './wire.ts'

const username = 'eve@client.example'
const newcomer = { firstName: 'Nia', lastName: 'New', email: 'nia@client.example', username: 'nia@client.example' }
const recaptchaEvent = { token: 'r1', siteKey: 'k1', projectId: 'p1', expectedAction: 'login' }
const redirectUri = REDIRECT_URI
let wire: Wire

beforeAll(async () => {
  wire = await openHeadlessWire()
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

const site = (): TokenEndpoint => wire.endpoint({ clientId: HEADLESS, base: siteOf(wire) })
const otpOf = (name: string): string => wire.sim.lastOtp(name) ?? ''
const basic = (name: string, secret: string): string => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`

function jsonTo(service: string, json: unknown): unknown {
  return {
    method: 'POST',
    origin: wire.sim.org('Umbrella').url,
    target: `/customers/services/auth/headless/${service}`,
    redirect: 'manual',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    form: {},
    json,
  }
}

describe('a passwordless login', () => {
  const start = () => startPasswordlessLogin(site(), { username, method: 'email' })

  it('begins with one POST of JSON', async () => {
    await start()
    expect(lastSent(wire)).toEqual(jsonTo('init/passwordless/login', { username, verificationmethod: 'email' }))
  })

  it('carries what proves a person, and the token that a site may demand', async () => {
    await startPasswordlessLogin(site(), { username, method: 'sms', recaptcha: 'r0' }, { accessToken: '00D!t' })
    expect(lastSent(wire).json).toEqual({ username, verificationmethod: 'sms', recaptcha: 'r0' })
    expect(lastSent(wire).headers['authorization']).toBe('Bearer 00D!t')
    await startPasswordlessLogin(site(), { username, method: 'sms', recaptcha: recaptchaEvent })
    expect(lastSent(wire).json).toEqual({ username, verificationmethod: 'sms', recaptchaevent: recaptchaEvent })
  })

  it('ends with the one-time code in place of a password, and gives tokens', async () => {
    const challenge = await start()
    expect(challenge).toEqual({ identifier: expect.any(String), method: 'email' })
    const otp = otpOf(username)
    const code = await finishPasswordlessLogin(site(), { challenge, otp, redirectUri, scope: ['api'] })
    expect(lastSent(wire)).toMatchObject({
      target: '/customers/services/oauth2/authorize',
      headers: {
        'auth-request-type': 'passwordless-login',
        'auth-verification-type': 'email',
        authorization: basic(challenge.identifier, otp),
      },
      form: { response_type: 'code_credentials', client_id: HEADLESS, redirect_uri: redirectUri, scope: 'api' },
    })
    expect(lastSent(wire).form).not.toHaveProperty('otp')
    expect(await authorizationCode(code.endpoint, code)).toHaveProperty('accessToken')
  })

  it('is refused with a wrong code', async () => {
    const challenge = await start()
    const error = await oauthFailure(finishPasswordlessLogin(site(), { challenge, otp: '000000x', redirectUri }))
    expect(error.code).toMatch(/^oauth\/(?:invalid_otp|otp_error)$/)
    expect(error.hint).toMatch(/\w{4}/)
  })
})

describe('a registration', () => {
  const password = 'a long enough passphrase 1'
  const start = () => startRegistration(site(), { user: newcomer, method: 'email', password, customData: { shop: 7 } })

  it('begins with one POST of JSON', async () => {
    await start()
    const members = { userdata: newcomer, verificationmethod: 'email', password, customdata: { shop: 7 } }
    expect(lastSent(wire)).toEqual(jsonTo('init/registration', members))
  })

  it('makes the user once the code is shown, and logs in', async () => {
    const challenge = await start()
    const otp = otpOf(newcomer.username)
    const code = await finishRegistration(site(), { challenge, otp, redirectUri })
    expect(lastSent(wire)).toMatchObject({
      headers: {
        'auth-request-type': 'user-registration',
        'auth-verification-type': 'email',
        authorization: basic(challenge.identifier, otp),
      },
    })
    expect(await authorizationCode(code.endpoint, code)).toHaveProperty('accessToken')
    const again = await codeAndCredentials(site(), { username: newcomer.username, password, redirectUri })
    expect(await authorizationCode(again.endpoint, again)).toHaveProperty('accessToken')
  })

  it('is refused for a name that is taken', async () => {
    const attempt = startRegistration(site(), { user: { ...newcomer, username }, method: 'email', password })
    const error = await failureOf(
      attempt.then((challenge) => finishRegistration(site(), { challenge, otp: otpOf(username), redirectUri })),
    )
    expect(error).toMatchObject({ name: 'OAuthError', hint: expect.stringMatching(/\w{4}/) })
  })
})

describe('a forgotten password', () => {
  it('is changed with the code that was mailed', async () => {
    await startForgotPassword(site(), { username })
    expect(lastSent(wire)).toEqual(jsonTo('forgot_password', { username }))
    const newPassword = 'another long passphrase 2'
    const otp = otpOf(username)
    await finishForgotPassword(site(), { username, otp, newPassword })
    expect(lastSent(wire)).toEqual(jsonTo('forgot_password', { username, otp, newpassword: newPassword }))
    expect(await codeAndCredentials(site(), { username, password: newPassword, redirectUri })).toHaveProperty('code')
    await oauthFailure(codeAndCredentials(site(), { username, password: 'simulator', redirectUri }))
  })

  it('stays as it was after a wrong code', async () => {
    await startForgotPassword(site(), { username })
    const error = await oauthFailure(
      finishForgotPassword(site(), { username, otp: 'wrong', newPassword: 'another 1 passphrase' }),
    )
    expect(JSON.stringify(error)).not.toContain('passphrase')
    expect(await codeAndCredentials(site(), { username, password: 'simulator', redirectUri })).toHaveProperty('code')
  })
})

const calls: readonly (readonly [string, (endpoint: TokenEndpoint) => Promise<unknown>])[] = [
  ['startPasswordlessLogin', (endpoint) => startPasswordlessLogin(endpoint, { username, method: 'email' })],
  ['startRegistration', (endpoint) => startRegistration(endpoint, { user: newcomer, method: 'email' })],
  ['startForgotPassword', (endpoint) => startForgotPassword(endpoint, { username })],
]

describe.each(calls)('%s', (_, call) => {
  it('sends nothing to a host that is no site', async () => {
    const fetch = (): never => {
      throw new Error('Something was sent.')
    }
    const options = {
      loginUrl: 'https://acme.my.salesforce.com',
      clientId: HEADLESS,
      clientAuthentication: publicClient(),
      fetch,
    }
    expect(await failureOf(call(openTokenEndpoint(options)))).toMatchObject({ code: 'config/invalid' })
  })

  it('names a refusal', async () => {
    wire.sim.faults.next('headless', { error: 'invalid_request', description: 'not today' })
    expect(await oauthFailure(call(site()))).toMatchObject({ code: 'oauth/invalid_request', description: 'not today' })
  })

  // An answer of 200 without JSON is for each call to judge: see below.
  const broken = breakdowns.filter(({ name: fault }) => !/JSON|a page|null/.test(fault))

  it.each(broken)('is not answered when the server $name', async ({ listener, code, retryable }) => {
    await using server = await listenBriefly(listener)
    const error = await transportFailure(call(wire.endpoint({ base: server.url, timeout: 300 })))
    expect(error).toMatchObject({ code, retryable, sent: true })
  })
})

describe('success without members', () => {
  const bodies = ['', 'null', '{}', '{"identifier":7}', '<html></html>']
  const answering = (body: string) => listenBriefly((_req, res) => void res.end(body))

  it.each(bodies)('is enough for a forgotten password: %j', async (body) => {
    await using server = await answering(body)
    const done = startForgotPassword(wire.endpoint({ base: server.url }), { username })
    expect(await done).toBeUndefined()
  })

  it.each(bodies)('is too little to go on with for a login or a registration: %j', async (body) => {
    await using server = await answering(body)
    const endpoint = wire.endpoint({ base: server.url })
    const attempts = [
      startPasswordlessLogin(endpoint, { username, method: 'email' }),
      startRegistration(endpoint, { user: newcomer, method: 'email' }),
    ]
    const malformed = expect.objectContaining({ code: 'token/malformed-answer' })
    expect(await Promise.all(attempts.map(failureOf))).toEqual([malformed, malformed])
  })
})
