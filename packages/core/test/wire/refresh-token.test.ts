import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { refreshToken } from '../../src/flows/refresh-token.ts'
import { clientSecretPost } from '../../src/index.ts'
import type { TokenSet } from '../../src/index.ts'
import { breakdowns, deadBase, listenBriefly } from './breakdowns.ts'
import { oauthFailure, refreshRefusals, transportFailure } from './refusals.ts'
import { lastSent, openWire } from './wire.ts'
import type { Wire } from './wire.ts'

let wire: Wire

beforeAll(async () => {
  wire = await openWire()
})
afterEach(() => wire.sim.reset())
afterAll(() => wire.close())

const spent = ({ refreshToken: token }: TokenSet): string => token ?? ''

describe('a refresh token is spent', () => {
  it('with one POST that carries each parameter once, and no scope', async () => {
    const { sim } = wire
    const token = spent(await wire.tokens())
    await refreshToken(wire.endpoint(), token)
    const { clientId, clientSecret } = sim.app()
    expect(lastSent(wire)).toEqual({
      method: 'POST',
      origin: sim.org().url,
      target: '/services/oauth2/token',
      redirect: 'manual',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
      form: {
        grant_type: 'refresh_token',
        refresh_token: token,
        client_id: clientId,
        client_secret: clientSecret,
        format: 'json',
      },
    })
  })

  it('for a new access token of the same person, without a refresh token', async () => {
    const { sim } = wire
    const first = await wire.tokens()
    sim.clock.advance(60_000)
    const second = await refreshToken(wire.endpoint(), spent(first))
    expect(second).not.toHaveProperty('refreshToken')
    expect(second.accessToken).not.toBe(first.accessToken)
    expect(second).toMatchObject({ identity: first.identity, scope: first.scope, instanceUrl: first.instanceUrl })
    expect(second.issuedAt).toBeGreaterThanOrEqual((first.issuedAt ?? Infinity) + 60_000)
    expect(sim.tokenState(second.accessToken)).toBe('active')
    expect(sim.tokenState(spent(first))).toBe('active')
  })

  it('for a new refresh token too when tokens rotate; the old one is dead then', async () => {
    const { sim } = wire
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const first = await wire.tokens()
    const second = await refreshToken(wire.endpoint(), spent(first))
    expect(spent(second)).toMatch(/^5Aep861.{80}$/)
    expect([sim.tokenState(spent(first)), sim.tokenState(spent(second))]).toEqual(['rotated', 'active'])
  })

  it('on the org, on its new instance and on the generic login host alike', async () => {
    const { sim } = wire
    const token = spent(await wire.tokens())
    const moved = await sim.moveInstance()
    for (const base of [sim.org().url, moved, sim.loginUrl]) {
      expect(await refreshToken(wire.endpoint({ base }), token)).toMatchObject({ instanceUrl: moved })
    }
  })

  it('and takes the instance from before when the answer does not repeat it', async () => {
    const answer = JSON.stringify({ access_token: '00Dxx0000000001!AQEAQ' })
    await using server = await listenBriefly((_req, res) => void res.end(answer))
    const previous = { instanceUrl: 'http://localhost:1' }
    const tokens = await refreshToken(wire.endpoint({ base: server.url }), 'some', { previous })
    expect(tokens).toEqual({
      accessToken: '00Dxx0000000001!AQEAQ',
      instanceUrl: 'http://localhost:1',
      tokenType: 'Bearer',
      expirySource: 'unknown',
    })
  })
})

describe('a refusal that a policy provokes is named', () => {
  const dead = ['oauth/invalid_grant', /expired access.refresh token/] as const
  const under =
    (policies: Parameters<Wire['sim']['updateApp']>[1], later = 0) =>
    async () => {
      const token = spent(await wire.tokens())
      wire.sim.updateApp(wire.sim.app().clientId, policies)
      wire.sim.clock.advance(later)
      return refreshToken(wire.endpoint(), token)
    }
  const day = 86_400_000

  it.each([
    ['a replayed token', dead, replayed],
    ['a token of a sixth approval ago', dead, pushedOut],
    ['a token that expires at once', dead, under({ refreshTokenPolicy: { kind: 'immediately' } })],
    ['a token unused too long', dead, under({ refreshTokenPolicy: { kind: 'idle', afterMs: day } }, 2 * day)],
    ['a token too old', dead, under({ refreshTokenPolicy: { kind: 'lifetime', afterMs: day } }, 2 * day)],
    ['a token after the secret was changed', dead, withNewSecret],
    ['something that is no token', dead, () => refreshToken(wire.endpoint(), '5AepNothing')],
    ['a deactivated user', ['oauth/invalid_grant', /inactive user/], deactivated],
    ['a foreign address', ['oauth/invalid_grant', /ip restricted/], under({ ipRanges: ['10.1.2.3'] })],
    ['a blocked app', dead, under({ blocked: true })],
    ['a disabled flow', ['oauth/oauth_flow_disabled', /disabled/], under({ flows: { refreshToken: false } })],
    ['a wrong secret', ['oauth/invalid_client', /invalid client credentials/], withWrongSecret],
  ] as const)('%s', async (_, [code, description], act) => {
    const error = await oauthFailure(act())
    expect(error).toMatchObject({ code, httpStatus: 400, retryable: false })
    expect(error.needsLogin).toBe(description === dead[1])
    expect(error.description).toMatch(description)
    expect(error.hint).toMatch(/\w{4}/)
  })

  it('two spends at once → one answer, and one that says to wait', async () => {
    const token = spent(await wire.tokens())
    wire.sim.faults.next('token:refresh_token', { latency: 300 })
    const [first, second] = await Promise.allSettled([
      refreshToken(wire.endpoint(), token),
      refreshToken(wire.endpoint(), token),
    ])
    const outcomes = [first, second].toSorted((a, b) => a.status.localeCompare(b.status))
    expect(outcomes).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'oauth/invalid_grant', retryable: true, needsLogin: false } },
    ])
  })

  async function replayed(): Promise<unknown> {
    wire.sim.updateApp(wire.sim.app().clientId, { refreshTokenRotation: true })
    const token = spent(await wire.tokens())
    await refreshToken(wire.endpoint(), token)
    return refreshToken(wire.endpoint(), token)
  }
  async function pushedOut(): Promise<unknown> {
    const token = spent(await wire.tokens())
    for (let i = 0; i < 5; i++) await wire.tokens()
    return refreshToken(wire.endpoint(), token)
  }
  async function withNewSecret(): Promise<unknown> {
    const token = spent(await wire.tokens())
    wire.sim.updateApp(wire.sim.app().clientId, { clientSecret: 'a-new-secret-0123456789' })
    return refreshToken(wire.endpoint(), token)
  }
  async function deactivated(): Promise<unknown> {
    const token = spent(await wire.tokens())
    wire.sim.updateUser('ada@acme.example', { active: false })
    return refreshToken(wire.endpoint(), token)
  }
  async function withWrongSecret(): Promise<unknown> {
    const token = spent(await wire.tokens())
    return refreshToken(wire.endpoint({ authenticate: clientSecretPost('wrong') }), token)
  }
})

describe('every documented refusal has its code, hint and verdict', () => {
  it.each(refreshRefusals)('$error: $description', async ({ error, description, code, ...verdict }) => {
    wire.sim.faults.next('token:refresh_token', { error, description })
    const failure = await oauthFailure(refreshToken(wire.endpoint(), '5AepSome'))
    expect(failure).toMatchObject({ code, error, description, httpStatus: 400 })
    expect(failure.hint).toMatch(verdict.hint)
    expect(failure.needsLogin).toBe(verdict.needsLogin ?? false)
    expect(failure.retryable).toBe(verdict.retryable ?? false)
  })
})

describe('no usable answer', () => {
  it.each(breakdowns)('from a server that $name → $code', async ({ listener, code, retryable }) => {
    await using server = await listenBriefly(listener)
    const endpoint = wire.endpoint({ base: server.url, timeout: 300 })
    const failure = await transportFailure(refreshToken(endpoint, '5AepSome'))
    expect(failure).toMatchObject({ code, retryable, sent: true })
    expect(failure.message).not.toContain('5Aep')
  })

  it('from a server that nobody started: the token is known to be unspent', async () => {
    const failure = await transportFailure(refreshToken(wire.endpoint({ base: await deadBase() }), '5AepSome'))
    expect(failure).toMatchObject({ code: 'net/unreachable', sent: false })
  })
})
