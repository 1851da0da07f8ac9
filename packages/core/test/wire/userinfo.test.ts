import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createHttpClient } from '../../src/net/http-client.ts'
import { RestError } from '../../src/index.ts'
import type { Identity, UserProfile } from '../../src/index.ts'
import { fetchUserinfo } from '../../src/resources/userinfo.ts'
import { listenBriefly } from './breakdowns.ts'
import { connect } from './connected.ts'
import { failureOf } from './refusals.ts'
import { lastSent, openWire } from './wire.ts'
import type { Wire } from './wire.ts'

let wire: Wire

beforeAll(async () => {
  wire = await openWire()
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

describe('userinfo', () => {
  it('is asked for by a GET with the token in the header alone', async () => {
    const { connection, tokens } = await connect(wire)
    await connection.userinfo()
    expect(lastSent(wire)).toEqual({
      method: 'GET',
      origin: wire.sim.org().instanceUrl,
      target: '/services/oauth2/userinfo',
      redirect: 'manual',
      headers: { accept: 'application/json', authorization: `Bearer ${tokens().accessToken}` },
      form: {},
    })
  })

  it('describes the user under the same names as the identity service', async () => {
    const { connection, tokens } = await connect(wire)
    const { raw, ...profile } = await connection.userinfo()
    const { raw: _, ...identity } = await connection.identity()
    expect(profile).toEqual({
      ...tokens().identity,
      username: 'ada@acme.example',
      displayName: 'Ada Lovell',
      firstName: 'Ada',
      lastName: 'Lovell',
      email: 'ada@acme.example',
      emailVerified: true,
      userType: 'STANDARD',
      language: 'en_US',
      locale: 'en_US',
      timezone: 'America/Los_Angeles',
      pictureUrl: expect.stringMatching(/^http/),
      active: true,
    })
    expect(profile).toEqual(identity)
    expect(raw).toMatchObject({ sub: expect.stringContaining(profile.userId), is_app_installed: true })
  })

  it('says less with fewer scopes, and never invents the rest', async () => {
    const { connection } = await connect(wire, { scope: 'openid' })
    const { raw: _, ...profile } = await connection.userinfo()
    expect(profile).toEqual({
      ...(await connect(wire)).tokens().identity,
      username: '',
      displayName: '',
      userType: 'STANDARD',
    })
  })

  it('is asked again after a renewal when Salesforce answers 403 Bad_OAuth_Token', async () => {
    const { connection, renewals } = await connect(wire)
    wire.sim.expireAccessTokens()
    expect((await connection.userinfo()).username).toBe('ada@acme.example')
    expect(renewals()).toBe(1)
  })
})

describe('a refusal of userinfo', () => {
  it.each([
    ['Missing_OAuth_Token', 'rest/token-missing'],
    ['HTTPS_Required', 'rest/malformed-call'],
    ['Wrong_Org', 'rest/wrong-org'],
  ])('403 %s is no reason to renew, and is told as %s', async (error, code) => {
    const { connection, renewals } = await connect(wire)
    wire.sim.faults.next('userinfo', { error })
    const failure = await failureOf(connection.userinfo())
    expect(failure).toBeInstanceOf(RestError)
    expect(failure).toMatchObject({ code, errorCode: error, httpStatus: 403 })
    expect(renewals()).toBe(0)
  })

  it('Bad_OAuth_Token twice is told, after one renewal and no more', async () => {
    const { connection, renewals } = await connect(wire)
    wire.sim.faults.next('userinfo', { error: 'Bad_OAuth_Token' }, 2)
    expect(await failureOf(connection.userinfo())).toMatchObject({ code: 'rest/session-expired', needsLogin: true })
    expect(renewals()).toBe(1)
  })

  it.each([
    ['maintenance', { status: 503, body: 'html' }, 'rest/unavailable'],
    ['broken JSON', { malformed: true }, 'net/not-json'],
    ['a connection that breaks', { drop: 'before' }, 'net/connection-lost'],
  ] as const)('%s is retryable', async (_, fault, code) => {
    const { connection } = await connect(wire)
    wire.sim.faults.next('userinfo', fault)
    expect(await failureOf(connection.userinfo())).toMatchObject({ code, retryable: true })
  })

  it('a description of somebody else is refused', async () => {
    const { connection, tokens } = await connect(wire)
    const { raw } = await connection.userinfo()
    const { identity } = tokens()
    const other = await connect(wire, { username: 'grace@acme.example' })
    expect(await failureOf(describedBy(raw, other.tokens().identity))).toMatchObject({ code: 'token/malformed-answer' })
    expect(await describedBy(raw, identity)).toMatchObject(identity)
  })

  it('a description of nobody is refused', async () => {
    expect(await failureOf(describedBy({ organization_id: '00D', user_id: '005' }))).toMatchObject({
      code: 'token/malformed-answer',
      hint: expect.stringMatching(/Log in/),
    })
  })
})

/** What becomes of an answer of userinfo with these members. */
async function describedBy(members: object, expected?: Identity): Promise<UserProfile> {
  await using server = await listenBriefly((_req, res) => void res.end(JSON.stringify(members)))
  const http = createHttpClient()
  return await fetchUserinfo(
    (url, init = {}) => http.fetch(url, init),
    server.url,
    expected === undefined ? {} : { expected },
  )
}
