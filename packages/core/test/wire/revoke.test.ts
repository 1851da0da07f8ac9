import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { revokeToken } from '../../src/index.ts'
import { inWorkers } from '../host.ts'
import { breakdowns, deadBase, listenBriefly } from './breakdowns.ts'
import { oauthFailure, transportFailure } from './refusals.ts'
import { lastSent, openWire } from './wire.ts'
import type { Wire } from './wire.ts'

let wire: Wire

beforeAll(async () => {
  wire = await openWire()
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

const revoke = (token: string, base: string = wire.sim.org().url) => revokeToken(wire.client(), base, token)

describe('a token is revoked', () => {
  it('with one POST of the token alone: no client, no secret', async () => {
    const { refreshToken: token = '' } = await wire.tokens()
    await revoke(token)
    expect(lastSent(wire)).toEqual({
      method: 'POST',
      origin: wire.sim.org().url,
      target: '/services/oauth2/revoke',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      form: { token },
    })
  })

  it('and a refresh token takes its access tokens along', async () => {
    const { accessToken, refreshToken = '' } = await wire.tokens()
    await revoke(refreshToken)
    expect([accessToken, refreshToken].map((token) => wire.sim.tokenState(token))).toEqual(['revoked', 'revoked'])
    expect(wire.sim.approvals('ada@acme.example')).toEqual([])
  })

  it('and an access token dies alone', async () => {
    const { accessToken, refreshToken = '' } = await wire.tokens()
    await revoke(accessToken)
    expect([accessToken, refreshToken].map((token) => wire.sim.tokenState(token))).toEqual(['revoked', 'active'])
  })

  it('on the generic login host as well', async () => {
    const { refreshToken: token = '' } = await wire.tokens()
    await revoke(token, wire.sim.loginUrl)
    expect(wire.sim.tokenState(token)).toBe('revoked')
  })
})

describe('what is dead already counts as revoked', () => {
  it('when it was revoked before', async () => {
    const { refreshToken: token = '' } = await wire.tokens()
    await revoke(token)
    await expect(revoke(token)).resolves.toBeUndefined()
  })

  it('when it had expired', async () => {
    const { accessToken } = await wire.tokens()
    wire.sim.expireAccessTokens()
    await expect(revoke(accessToken)).resolves.toBeUndefined()
  })

  it('when nobody ever knew it', async () => {
    await expect(revoke('nonsense')).resolves.toBeUndefined()
  })

  it.each([
    ['in a form', 'error=invalid_token&error_description=invalid%20token'],
    ['in JSON', '{"error":"invalid_token","error_description":"invalid token"}'],
    ['in JSON of the other name', '{"error":"unsupported_token_type","error_description":"invalid token: x"}'],
  ])('when Salesforce says so %s', async (_, body) => {
    await using server = await listenBriefly((_req, res) => void res.writeHead(400).end(body))
    await expect(revoke('some', server.url)).resolves.toBeUndefined()
  })
})

describe('a refusal', () => {
  it.each([
    ['invalid_request', 'must use HTTPS', 'oauth/invalid_request', false],
    ['server_error', 'try again', 'oauth/server_error', true],
    ['unknown_error', 'retry your request', 'oauth/unknown_error', true],
    ['brand_new', 'of next year', 'oauth/unrecognized', false],
  ])('%s is told with its hint', async (error, description, ...[code, retryable]) => {
    wire.sim.faults.next('revoke', { error, description })
    const failure = await oauthFailure(revoke('some'))
    expect(failure).toMatchObject({ code, error, description, httpStatus: 400, retryable })
    expect(failure.hint).toMatch(/\w{4}/)
  })

  it.each(breakdowns.filter(({ code }) => code !== 'net/not-json'))(
    'of a server that $name is $code',
    async ({ listener, code, retryable }) => {
      await using server = await listenBriefly(listener)
      const { http, ...client } = wire.client({ timeout: 300 })
      const failure = await transportFailure(revokeToken({ ...client, http }, server.url, '5AepSome'))
      expect(failure).toMatchObject({ code, retryable, sent: true })
      expect(failure.hint).toMatch(/\w{4}/)
    },
  )

  it.skipIf(inWorkers)('of a server that nobody started is unsent', async () => {
    const failure = await transportFailure(revoke('some', await deadBase()))
    expect(failure).toMatchObject({ code: 'net/unreachable', sent: false, retryable: true })
  })
})
