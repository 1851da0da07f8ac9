import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { atOnce, LIMITS, startServices } from './service.ts'
import type { Services } from './service.ts'

const MINUTE = 60_000
let services: Services

beforeAll(async () => {
  services = await startServices()
})
afterEach(() => services.sim.reset())
afterAll(() => services[Symbol.asyncDispose]())

describe.each(['byKey', 'bySecret'] as const)('a service connection (%s)', (kind) => {
  it('logs in at the first call, not before', async () => {
    const connection = services[kind]()
    expect(services.logins()).toBe(0)
    expect((await connection.fetch(LIMITS)).status).toBe(200)
    expect(services.logins()).toBe(1)
  })

  it('logs in once for a thousand callers at once', async () => {
    const connection = services[kind]()
    const tokens = await atOnce(1_000, () => connection.accessToken())
    expect(new Set(tokens).size).toBe(1)
    expect(services.logins()).toBe(1)
  })
})

describe('a thousand calls at once', () => {
  it('log in once, and once more when the token dies under them', async () => {
    const connection = services.byKey()
    const statuses = async (): Promise<Set<number>> =>
      new Set(await atOnce(1_000, async () => (await connection.fetch(LIMITS)).status))
    expect(await statuses()).toEqual(new Set([200]))
    expect(services.logins()).toBe(1)
    services.sim.clock.advance(MINUTE)
    services.sim.expireAccessTokens()
    expect(await statuses()).toEqual(new Set([200]))
    expect(services.logins()).toBe(2)
  })
})

describe('the connection', () => {
  it('says whose it is and whether the token lives', async () => {
    const connection = services.bySecret()
    expect(await connection.identity()).toMatchObject({ username: 'ada@acme.example', orgId: services.sim.org().id })
    expect(await connection.introspect()).toMatchObject({ active: true })
    expect(services.logins()).toBe(1)
  })

  it('repeats a call that was refused, with its body', async () => {
    const connection = services.byKey()
    await connection.accessToken()
    services.sim.expireAccessTokens()
    const body = JSON.stringify({ Name: 'Blue Ltd' })
    const headers = { 'content-type': 'application/json' }
    const response = await connection.fetch('/services/data/v64.0/sobjects/Account', { method: 'POST', headers, body })
    expect(response.status).toBe(201)
  })

  it('follows the org to a new instance', async () => {
    const connection = services.byKey()
    await connection.accessToken()
    const moved = await services.sim.moveInstance()
    const response = await connection.fetch(LIMITS)
    expect([response.status, new URL(response.url).origin]).toEqual([200, moved])
  })

  it('sends the token nowhere else', async () => {
    const failure = await services
      .byKey()
      .fetch('https://example.com/')
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'token/foreign-host' })
  })
})

describe('a token whose end is known', () => {
  const jwtTokens = (): void => {
    const { sim } = services
    sim.updateApp(sim.app('Keyed').clientId, { jwtAccessTokens: true, jwtAccessTokenLifetime: 10 * MINUTE })
  }

  it('is kept until its last two minutes and renewed before it ends', async () => {
    jwtTokens()
    const connection = services.byKey()
    const first = await connection.accessToken()
    services.sim.clock.advance(8 * MINUTE - 1_000)
    expect(await connection.accessToken()).toBe(first)
    services.sim.clock.advance(MINUTE + 2_000)
    expect(await connection.accessToken()).not.toBe(first)
    expect(services.logins()).toBe(2)
  })

  it('is renewed at different moments by processes that began together', async () => {
    jwtTokens()
    const connections = Array.from({ length: 40 }, () => services.byKey())
    const tokens = async (): Promise<string[]> => Promise.all(connections.map((one) => one.accessToken()))
    const first = await tokens()
    services.sim.clock.advance(8.5 * MINUTE)
    const second = await tokens()
    const renewed = second.filter((token, i) => token !== first[i]).length
    expect(renewed).toBeGreaterThan(4)
    expect(renewed).toBeLessThan(36)
  })

  it('is used on while it lives when its renewal fails', async () => {
    jwtTokens()
    const connection = services.byKey()
    const first = await connection.accessToken()
    services.sim.clock.advance(9.5 * MINUTE)
    services.sim.faults.next('token', { status: 503 })
    expect(await connection.accessToken()).toBe(first)
    expect(await connection.accessToken()).toBe(first)
    expect(services.logins()).toBe(2)
    services.sim.clock.advance(2_000)
    expect(await connection.accessToken()).not.toBe(first)
  })

  it('is learnt from the configured session timeout', async () => {
    const connection = services.bySecret({ tokenExpiry: { sessionTimeout: 15 * MINUTE } })
    const first = await connection.accessToken()
    services.sim.clock.advance(12 * MINUTE)
    expect(await connection.accessToken()).toBe(first)
    services.sim.clock.advance(2.9 * MINUTE)
    expect(await connection.accessToken()).not.toBe(first)
  })

  it('is learnt by introspection, once', async () => {
    const connection = services.bySecret({ tokenExpiry: { introspect: true } })
    await connection.accessToken()
    await connection.accessToken()
    expect(services.sim.requests.filter(({ path }) => path.endsWith('/introspect'))).toHaveLength(1)
    services.sim.clock.advance(120 * MINUTE)
    await connection.accessToken()
    expect(services.logins()).toBe(2)
  })
})
