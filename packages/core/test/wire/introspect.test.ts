import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clientSecretBasic, clientSecretPost, introspectToken } from '../../src/index.ts'
import { inWorkers } from '../host.ts'
import { breakdowns, deadBase, listenBriefly } from './breakdowns.ts'
import type { Breakdown } from './breakdowns.ts'
import { oauthFailure, tokenRefusals, transportFailure } from './refusals.ts'
import { lastSent, openWire } from './wire.ts'
import type { ClientChoice, Wire } from './wire.ts'

const OTHER = '3MVG9other_app.of_the_same_org'
let wire: Wire

beforeAll(async () => {
  wire = await openWire({
    apps: [{ label: 'Other', org: 'Acme', clientId: OTHER, callbackUrls: ['http://localhost:3000/auth/callback'] }],
  })
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

function asker(choice: ClientChoice & { base?: string } = {}): Parameters<typeof introspectToken>[0] {
  return { client: wire.client(choice), base: choice.base ?? wire.sim.org().url }
}

describe('a token is asked about', () => {
  it('with one POST that names its kind and proves the client', async () => {
    const { accessToken } = await wire.tokens()
    await introspectToken(asker(), accessToken)
    const { clientId, clientSecret } = wire.sim.app()
    expect(lastSent(wire)).toEqual({
      method: 'POST',
      origin: wire.sim.org().url,
      target: '/services/oauth2/introspect',
      redirect: 'manual',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      form: { token: accessToken, token_type_hint: 'access_token', client_id: clientId, client_secret: clientSecret },
    })
  })

  it('by Basic authentication without a secret in the body', async () => {
    const { clientId, clientSecret } = wire.sim.app()
    const { accessToken } = await wire.tokens()
    const answer = await introspectToken(asker({ authenticate: clientSecretBasic(clientSecret) }), accessToken)
    expect(answer.active).toBe(true)
    const { headers, form } = lastSent(wire)
    expect(headers['authorization']).toBe(`Basic ${btoa(`${clientId}:${clientSecret}`)}`)
    expect(Object.keys(form)).toEqual(['token', 'token_type_hint'])
  })

  it('and a live access token is described, with times in milliseconds', async () => {
    const { sim } = wire
    const { accessToken, identity, issuedAt } = await wire.tokens()
    const second = 1_000
    const answer = await introspectToken(asker(), accessToken)
    expect(answer).toEqual({
      active: true,
      clientId: sim.app().clientId,
      username: 'ada@acme.example',
      identity,
      scope: expect.arrayContaining(['openid', 'id', 'api', 'refresh_token']),
      tokenType: 'access_token',
      issuedAt: Math.floor((issuedAt ?? 0) / second) * second,
      expiresAt: expect.any(Number),
    })
    const life = answer.active ? (answer.expiresAt ?? 0) - (answer.issuedAt ?? 0) : 0
    expect(life).toBe(2 * 3_600_000)
  })

  it('and a refresh token that nothing ends has no end', async () => {
    const { refreshToken = '' } = await wire.tokens()
    const answer = await introspectToken(asker(), refreshToken, { tokenTypeHint: 'refresh_token' })
    expect(lastSent(wire).form['token_type_hint']).toBe('refresh_token')
    expect(answer).toMatchObject({ active: true, tokenType: 'refresh_token' })
    expect(answer).not.toHaveProperty('expiresAt')
  })
})

describe('a token is inactive', () => {
  it.each([
    ['when it has expired', () => wire.sim.expireAccessTokens()],
    ['when its session has timed out', () => wire.sim.clock.advance(3 * 3_600_000)],
    ['when its user is deactivated', () => wire.sim.updateUser('ada@acme.example', { active: false })],
  ])('%s', async (_, end) => {
    const { accessToken } = await wire.tokens()
    end()
    expect(await introspectToken(asker(), accessToken)).toEqual({ active: false })
  })

  it('when another app owns it, although it lives', async () => {
    const { accessToken } = await wire.tokens()
    expect(await introspectToken(asker({ clientId: OTHER }), accessToken)).toEqual({ active: false })
    wire.sim.updateApp(OTHER, { introspectAllTokens: true })
    expect(await introspectToken(asker({ clientId: OTHER }), accessToken)).toMatchObject({ active: true })
  })

  it('when it is garbage', async () => {
    expect(await introspectToken(asker(), 'garbage')).toEqual({ active: false })
  })
})

describe('a refusal is named', () => {
  it('for a wrong secret', async () => {
    const failure = await oauthFailure(introspectToken(asker({ authenticate: clientSecretPost('wrong') }), 'some'))
    expect(failure).toMatchObject({ code: 'oauth/invalid_client', httpStatus: 400 })
  })

  it('for an unknown client', async () => {
    const nobody = { clientId: '3MVG9nobody', authenticate: clientSecretPost('wrong') }
    const failure = await oauthFailure(introspectToken(asker(nobody), 'some'))
    expect(failure).toMatchObject({ code: 'oauth/invalid_client_id', httpStatus: 400 })
  })

  it.each(tokenRefusals)('$error: $description', async ({ error, description, code, hint }) => {
    wire.sim.faults.next('introspect', { error, description })
    const failure = await oauthFailure(introspectToken(asker(), 'some'))
    expect(failure).toMatchObject({ code, error, description })
    expect(failure.hint).toMatch(hint)
  })

  const throttled = breakdowns.filter(({ name }) => name === 'wants to be asked less')
  it.each(breakdowns.filter((one) => !throttled.includes(one)))('of a server that $name: $code', expectCode)
  // introspect.ts calls every answer below 500 that is no JSON `net/not-json`, a 429 included.
  it.each(throttled)('of a server that $name: $code', expectCode)

  async function expectCode({ listener, code, retryable }: Breakdown): Promise<void> {
    await using server = await listenBriefly(listener)
    const failure = await transportFailure(introspectToken(asker({ base: server.url, timeout: 300 }), 'some'))
    expect(failure).toMatchObject({ code, retryable, sent: true })
    expect(failure.hint).toMatch(/\w{4}/)
  }

  it.skipIf(inWorkers)('of a server that nobody started', async () => {
    const failure = await transportFailure(introspectToken(asker({ base: await deadBase() }), 'some'))
    expect(failure).toMatchObject({ code: 'net/unreachable', sent: false })
  })
})
