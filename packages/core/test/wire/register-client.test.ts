import { inspect } from 'node:util'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { isSalesforceAuthError, registerClient } from '../../src/index.ts'
import type { ClientRegistration, RegisteredClient } from '../../src/index.ts'
import type { HttpAnswer } from '../../src/net/http-client.ts'
import { breakdowns, listenBriefly } from './breakdowns.ts'
import { failureOf, oauthFailure, transportFailure } from './refusals.ts'
import { lastSent, openWire } from './wire.ts'
import type { Wire } from './wire.ts'

const INITIAL = 'initial-access-token-of-the-parent'
const gateway = { clientName: 'Gateway', redirectUris: ['https://gateway.example/cb'] }
let wire: Wire

beforeAll(async () => {
  wire = await openWire()
  allow()
})
afterEach(() => {
  wire.sim.reset()
  allow()
})
afterAll(() => wire.close())

function allow(): void {
  wire.sim.updateApp(wire.sim.app().clientId, { initialAccessToken: INITIAL })
}

function register(changes: Partial<ClientRegistration> = {}, base = wire.sim.org().url): Promise<RegisteredClient> {
  return registerClient(wire.endpoint({ base, timeout: 1_000 }), {
    initialAccessToken: INITIAL,
    ...gateway,
    ...changes,
  })
}

describe('an app is registered', () => {
  it('with one POST of JSON and the initial access token', async () => {
    await register({ contacts: ['ops@gateway.example'] })
    expect(lastSent(wire)).toEqual({
      method: 'POST',
      origin: wire.sim.org().url,
      target: '/services/oauth2/register',
      redirect: 'manual',
      headers: { accept: 'application/json', authorization: `Bearer ${INITIAL}`, 'content-type': 'application/json' },
      form: {},
      json: {
        client_name: 'Gateway',
        redirect_uris: ['https://gateway.example/cb'],
        response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token'],
        application_type: 'web',
        contacts: ['ops@gateway.example'],
      },
    })
  })

  it('and answers its own client id and secret, which does not expire', async () => {
    const registered = await register()
    expect(registered.clientId).toMatch(/^3MVG9/)
    expect(registered.clientSecret).toMatch(/\w/)
    expect(registered).not.toHaveProperty('clientSecretExpiresAt')
    expect(registered.raw['redirect_uris']).toEqual(gateway.redirectUris)
    expect(wire.sim.app(registered.clientId).callbackUrls).toEqual(gateway.redirectUris)
  })

  it('with the end of its secret in milliseconds, where there is one', async () => {
    const answer = {
      client_id: 'c',
      client_secret: 's',
      client_secret_expires_at: 1_790_000_000,
      registration_access_token: 't',
    }
    await using server = await listenBriefly((_req, res) => void res.writeHead(201).end(JSON.stringify(answer)))
    expect(await register({}, server.url)).toEqual({
      clientId: 'c',
      clientSecret: 's',
      clientSecretExpiresAt: 1_790_000_000_000,
      registrationAccessToken: 't',
      raw: answer,
    })
  })
})

describe('a refusal is named', () => {
  it('for a wrong initial access token, which is not repeated', async () => {
    const error = await oauthFailure(register({ initialAccessToken: 'wrong-token-of-somebody' }))
    expect(error.code).toBe('oauth/invalid_token')
    expect(JSON.stringify(error)).not.toContain('wrong-token')
  })

  it.each(['planted\ntoken', 'planted\u0000', 'plantéd-planted', ' planted', ''])(
    'for the initial access token %j, which no header can carry, before anything is sent',
    async (initialAccessToken) => {
      const before = wire.sent.length
      const error = await failureOf(register({ initialAccessToken }))
      expect(error).toMatchObject({
        code: 'request/unsendable',
        message: expect.stringMatching(/^initialAccessToken /),
      })
      expect(inspect(error, { depth: 10 })).not.toContain('planted')
      expect(wire.sent).toHaveLength(before)
    },
  )

  it.each(['exceeded_registration_limit', 'failed_registration', 'registration_error', 'invalid_request'])(
    '%s',
    async (name) => {
      wire.sim.faults.next('register', { error: name, description: 'said so' })
      const error = await oauthFailure(register())
      expect(error).toMatchObject({ code: `oauth/${name}`, error: name, description: 'said so' })
      expect(error.hint).toMatch(/\w{4}/)
    },
  )
})

describe('an answer that cannot be used', () => {
  it.each(breakdowns)('is a transport error when the server $name', async ({ listener, code, retryable }) => {
    await using server = await listenBriefly(listener)
    expect(await transportFailure(register({}, server.url))).toMatchObject({ code, retryable, sent: true })
  })

  it('is a registration or a typed error, whatever it is', async () => {
    const names = fc.constantFrom('client_id', 'client_secret', 'client_secret_expires_at', 'error', '__proto__')
    const body = fc.oneof(
      fc.string(),
      fc.oneof(fc.jsonValue(), fc.dictionary(names, fc.jsonValue())).map((value) => JSON.stringify(value)),
    )
    const statuses = fc.constantFrom(200, 201, 204, 400, 401, 500)
    await fc.assert(
      fc.asyncProperty(body, statuses, async (text, status) => {
        const { client, login } = wire.endpoint()
        const send = async (): Promise<HttpAnswer> => ({ status, headers: new Headers(), text })
        const endpoint = { client: { ...client, http: { ...client.http, send } }, login }
        const registration = { initialAccessToken: 'x', ...gateway }
        const outcome = await registerClient(endpoint, registration).catch((error: unknown) => error)
        expect(isSalesforceAuthError(outcome) || typeof (outcome as RegisteredClient).clientId === 'string').toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('without a client id is malformed', async () => {
    await using server = await listenBriefly((_req, res) => void res.end('{"client_secret":"s"}'))
    expect(await failureOf(register({}, server.url))).toMatchObject({ code: 'token/malformed-answer' })
  })
})
