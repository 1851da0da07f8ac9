import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clientSecretPost, isSalesforceAuthError } from '../../src/index.ts'
import type { Connection, Fetch, SalesforceAuthError } from '../../src/index.ts'
import { atOnce, LIMITS, startServices } from './service.ts'
import type { Services } from './service.ts'

const MINUTE = 60_000
let services: Services

beforeAll(async () => {
  services = await startServices()
})
afterEach(() => services.sim.reset())
afterAll(() => services[Symbol.asyncDispose]())

async function failureOf(connection: Connection): Promise<SalesforceAuthError> {
  const outcome: unknown = await connection.fetch(LIMITS).catch((error: unknown) => error)
  if (isSalesforceAuthError(outcome)) return outcome
  throw new Error('The call was expected to fail.', { cause: outcome })
}

/** Calls all the time while the simulator's clock runs, and answers how often that reached the token endpoint. */
async function callFor(duration: number, connection: Connection, step = 100): Promise<number> {
  const before = services.logins()
  for (let passed = 0; passed < duration; passed += step) {
    await atOnce(3, () => connection.fetch(LIMITS).catch(() => undefined))
    services.sim.clock.advance(step)
  }
  return services.logins() - before
}

describe('an outage of ten seconds', () => {
  it('costs a handful of logins however often a service calls, and ends by itself', async () => {
    const connection = services.byKey()
    services.sim.faults.next('token', { status: 503 }, 1_000)
    const logins = await callFor(10_000, connection)
    expect(logins).toBeGreaterThanOrEqual(2)
    expect(logins).toBeLessThanOrEqual(5)
    services.sim.faults.clear()
    const { retryAt = 0 } = await failureOf(connection)
    services.sim.clock.set(retryAt)
    expect((await connection.fetch(LIMITS)).status).toBe(200)
    expect(services.logins()).toBe(logins + 1)
  })

  it('is the same error for all callers at once, by one request', async () => {
    const connection = services.bySecret()
    services.sim.faults.next('token', { drop: 'before' }, 1_000)
    const failures = await atOnce(200, () => failureOf(connection))
    expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(['net/connection-lost']))
    expect(services.logins()).toBe(1)
  })

  it('makes pauses twice as long each time, up to half a minute', async () => {
    const connection = services.byKey()
    services.sim.faults.next('token', { error: 'server_error' }, 1_000)
    for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
      const { retryAt = 0, code, retryable } = await failureOf(connection)
      expect([code, retryable]).toEqual(['oauth/server_error', true])
      const pause = (retryAt - services.sim.clock.now()) / 1000 / seconds
      expect(pause).toBeGreaterThanOrEqual(0.75)
      expect(pause).toBeLessThanOrEqual(1.26)
      services.sim.clock.set(retryAt)
    }
  })

  it('is forgotten after a login that works', async () => {
    const connection = services.byKey()
    services.sim.faults.next('token', { status: 503 }, 3)
    for (let i = 0; i < 3; i++) services.sim.clock.set((await failureOf(connection)).retryAt ?? 0)
    await connection.accessToken()
    services.sim.clock.advance(MINUTE)
    services.sim.expireAccessTokens()
    services.sim.faults.next('token', { status: 503 })
    const { retryAt = 0 } = await failureOf(connection)
    expect(retryAt - services.sim.clock.now()).toBeLessThan(1_300)
  })
})

describe('a login that cannot work', () => {
  it('is not tried at every call, and works seconds after it is put right', async () => {
    const { sim } = services
    sim.updateApp(sim.app().clientId, { runAs: null })
    const connection = services.bySecret()
    const failure = await failureOf(connection)
    expect(failure).toMatchObject({ code: 'oauth/invalid_grant', retryable: false, retryAt: expect.any(Number) })
    sim.clock.set((failure.retryAt ?? 0) - 1)
    expect(await failureOf(connection)).toBe(failure)
    expect(services.logins()).toBe(1)
    expect(await callFor(60_000, connection, 1_000)).toBeLessThanOrEqual(7)
    sim.updateApp(sim.app().clientId, { runAs: 'ada@acme.example' })
    sim.clock.advance(40_000)
    expect((await connection.fetch(LIMITS)).status).toBe(200)
  })

  it('because the login URL has a path that is not there is no matter of time', async () => {
    const failure = await failureOf(services.byKey({ loginUrl: `${services.sim.org().url}/nowhere` }))
    const hint = expect.stringMatching(/login URL.*path/) as string
    expect(failure).toMatchObject({ code: 'net/not-json', retryable: false, hint })
    expect(failure.message).toMatch(/answered 404/)
  })

  it('says when the next one is, in its JSON too, and nothing secret', async () => {
    const connection = services.bySecret({ clientAuthentication: clientSecretPost('a-wrong-secret') })
    const failure = await failureOf(connection)
    expect(JSON.parse(JSON.stringify(failure))).toMatchObject({
      error: 'oauth/invalid_client',
      retryAt: failure.retryAt,
    })
    expect(JSON.stringify(failure) + failure.stack).not.toContain('a-wrong-secret')
  })

  it('is refused by its configuration before anything is sent', () => {
    expect(() => services.byKey({ loginUrl: 'https://example.com' })).toThrow(/not a Salesforce host/)
  })
})

describe("Salesforce's limit of logins", () => {
  const tooMany = { error: 'rate_limit_exceeded', description: 'number of logins exceeded' }

  it('makes pauses of minutes, twice as long each time up to an hour, and says until when', async () => {
    const connection = services.byKey()
    services.sim.faults.next('token', tooMany, 1_000)
    for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
      const { code, retryAt = 0, retryable, status } = await failureOf(connection)
      expect([code, retryable, status]).toEqual(['oauth/rate_limit_exceeded', true, 503])
      const pause = (retryAt - services.sim.clock.now()) / MINUTE / minutes
      expect(pause).toBeGreaterThanOrEqual(0.75)
      expect(pause).toBeLessThanOrEqual(1.26)
      services.sim.clock.set(retryAt)
    }
  })

  it('is respected when it really is reached', async () => {
    const { sim } = services
    sim.updateOrg('Acme', { loginsPerHour: 2 })
    const [first, second, third] = [services.byKey(), services.byKey(), services.byKey()]
    await Promise.all([first.accessToken(), second.accessToken()])
    expect(await failureOf(third)).toMatchObject({ code: 'oauth/rate_limit_exceeded' })
    const logins = services.logins()
    await atOnce(100, () => failureOf(third))
    expect(services.logins()).toBe(logins)
    sim.clock.advance(61 * MINUTE)
    expect((await third.fetch(LIMITS)).status).toBe(200)
  })
})

describe('tokens that are refused as soon as they are given out', () => {
  it('do not use up the logins of the hour', async () => {
    const connection = services.byKey()
    services.sim.faults.next(
      'data',
      { error: 'INVALID_SESSION_ID', description: 'Session expired or invalid' },
      100_000,
    )
    expect(await callFor(10 * MINUTE, connection, 1_000)).toBeLessThan(35)
    // A pause may have ended just now: then this call begins the next one.
    await connection.fetch(LIMITS).catch(() => undefined)
    expect(await failureOf(connection)).toMatchObject({ code: 'token/refused-at-once', retryAt: expect.any(Number) })
    services.sim.faults.clear()
    expect((await connection.fetch(LIMITS)).status).toBe(200)
  })

  it('by one API stay in use for the others', async () => {
    const refusing: Fetch = async (input, init) => {
      const body = '[{"errorCode":"INVALID_SESSION_ID","message":"Session expired or invalid"}]'
      return new Request(input).url.endsWith('/refusing') ? new Response(body, { status: 401 }) : fetch(input, init)
    }
    const connection = services.byKey({ fetch: refusing })
    for (let i = 0; i < 20; i++) {
      await connection.fetch('/refusing').catch(() => undefined)
      expect((await connection.fetch(LIMITS)).status).toBe(200)
    }
    expect(services.logins()).toBeLessThanOrEqual(5)
  })
})
