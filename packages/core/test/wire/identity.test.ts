import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { RestError, toId18 } from '../../src/index.ts'
import type { Identity } from '../../src/index.ts'
import { fetchIdentity } from '../../src/resources/identity.ts'
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

describe('the identity service', () => {
  it('is asked on the instance, whatever host the identity URL names, with the token in the header alone', async () => {
    const { connection, tokens } = await connect(wire)
    const { accessToken, identity } = tokens()
    await connection.identity()
    expect(lastSent(wire)).toEqual({
      method: 'GET',
      origin: wire.sim.org().instanceUrl,
      target: `/id/${identity.orgId}/${identity.userId}`,
      redirect: 'manual',
      headers: { accept: 'application/json', authorization: `Bearer ${accessToken}` },
      form: {},
    })
  })

  it('is asked on the new instance once the org has moved', async () => {
    const { connection, tokens } = await connect(wire)
    const moved = await wire.sim.moveInstance()
    wire.sim.expireAccessTokens()
    expect((await connection.identity()).username).toBe('ada@acme.example')
    expect([lastSent(wire).origin, tokens().instanceUrl]).toEqual([moved, moved])
  })

  it('describes the user, with ids of 18 characters', async () => {
    const { connection } = await connect(wire, { username: 'grace@acme.example' })
    const profile = await connection.identity()
    expect(profile).toMatchObject({
      orgId: wire.sim.org().id,
      username: 'grace@acme.example',
      displayName: 'Grace Hofmann',
      firstName: 'Grace',
      lastName: 'Hofmann',
      timezone: 'America/Los_Angeles',
      raw: { asserted_user: true, nick_name: expect.any(String) },
    })
    expect(toId18(profile.userId.slice(0, 15))).toBe(profile.userId)
  })

  it('describes a colleague too when it is asked for one', async () => {
    const ada = await connect(wire)
    const grace = await connect(wire, { username: 'grace@acme.example' })
    const { connection, tokens } = ada
    const call = (url: string, init?: RequestInit): Promise<Response> => connection.fetch(url, init)
    const { instanceUrl } = tokens()
    const profile = await fetchIdentity(call, { instanceUrl, identity: grace.tokens().identity })
    expect(profile).toMatchObject({ username: 'grace@acme.example', raw: { asserted_user: false } })
  })

  it('is asked again after one renewal when the token was dead', async () => {
    const { connection, renewals } = await connect(wire)
    wire.sim.expireAccessTokens()
    await connection.identity()
    expect(renewals()).toBe(1)
  })
})

describe('a refusal of the identity service', () => {
  it.each([
    ['HTTPS_Required', 'rest/malformed-call', /https/],
    ['Missing_OAuth_Token', 'rest/token-missing', /Authorization header/],
    ['Wrong_Org', 'rest/wrong-org', /connection\.identity/],
    ['No_Access', 'rest/identity-refused', /scope id or openid/],
    ['No_Site_Endpoint', 'rest/identity-refused', /scope id or openid/],
    ['Internal Error', 'rest/unavailable', /try again/],
    ['Brand_New', 'rest/unrecognized', /documentation/],
  ])('%s is no reason to renew, and is told as %s', async (error, code, hint) => {
    const { connection, renewals } = await connect(wire)
    wire.sim.faults.next('identity', { error })
    const failure = await failureOf(connection.identity())
    expect(failure).toBeInstanceOf(RestError)
    expect(failure).toMatchObject({ code, errorCode: error, hint: expect.stringMatching(hint) })
    expect(renewals()).toBe(0)
  })

  it('in words of somebody else names scope and access', async () => {
    await using server = await listenBriefly((_req, res) => void res.writeHead(403).end('<html>Forbidden</html>'))
    const failure = await failureOf(fetchIdentity(fetch, { instanceUrl: server.url, identity: await ada() }))
    expect(failure).toMatchObject({ code: 'net/not-json', hint: expect.stringMatching(/scope id.*may not use/) })
  })

  it('a user who is not there any more is told as 404', async () => {
    const { connection, tokens } = await connect(wire)
    const { instanceUrl } = tokens()
    const nobody = { orgId: wire.sim.org().id, userId: toId18('005000000000999') ?? '' }
    const call = (url: string, init?: RequestInit): Promise<Response> => connection.fetch(url, init)
    const failure = await failureOf(fetchIdentity(call, { instanceUrl, identity: nobody }))
    expect(failure).toMatchObject({ code: 'rest/identity-refused', httpStatus: 404 })
  })

  it('Bad_OAuth_Token twice is told after one renewal and no more', async () => {
    const { connection, renewals } = await connect(wire)
    wire.sim.faults.next('identity', { error: 'Bad_OAuth_Token' }, 2)
    expect(await failureOf(connection.identity())).toMatchObject({ code: 'rest/session-expired', needsLogin: true })
    expect(renewals()).toBe(1)
  })

  it('a dead grant is told as such when the renewal fails', async () => {
    const { connection } = await connect(wire)
    wire.sim.updateUser('ada@acme.example', { active: false })
    expect(await failureOf(connection.identity())).toMatchObject({
      code: 'oauth/invalid_grant',
      hint: expect.stringMatching(/Setup › Users/),
    })
  })

  it.each([
    ['maintenance', { status: 503, body: 'html' }, 'rest/unavailable'],
    ['broken JSON', { malformed: true }, 'net/not-json'],
    ['a connection that breaks', { drop: 'before' }, 'net/connection-lost'],
  ] as const)('%s is retryable', async (_, fault, code) => {
    const { connection } = await connect(wire)
    wire.sim.faults.next('identity', fault)
    expect(await failureOf(connection.identity())).toMatchObject({ code, retryable: true })
  })
})

async function ada(): Promise<Identity> {
  return (await connect(wire)).tokens().identity
}
