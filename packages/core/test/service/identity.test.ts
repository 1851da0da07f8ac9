import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clientSecretPost, introspectToken, isSalesforceAuthError, openTokenEndpoint } from '../../src/index.ts'
import type { Connection, Fetch, SalesforceAuthError } from '../../src/index.ts'
import { LIMITS, startServices } from './service.ts'
import type { Services } from './service.ts'

const MINUTE = 60_000
const ACCOUNTS = '/services/data/v64.0/sobjects/Account'
let services: Services

beforeAll(async () => {
  services = await startServices()
})
afterEach(() => services.sim.reset())
afterAll(() => services[Symbol.asyncDispose]())

async function failureOf(act: Promise<unknown>): Promise<SalesforceAuthError> {
  const outcome: unknown = await act.catch((error: unknown) => error)
  if (isSalesforceAuthError(outcome)) return outcome
  throw new Error('The call was expected to fail.', { cause: outcome })
}

function runAs(username: string): void {
  services.sim.updateApp(services.sim.app().clientId, { runAs: username })
}

const create = (connection: Connection): Promise<Response> =>
  connection.fetch(ACCOUNTS, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ Name: 'For Ada alone' }),
  })

describe('a service connection whose next login is another user', () => {
  it('fails, and repeats nothing as that user', async () => {
    const connection = services.bySecret()
    expect((await create(connection)).status).toBe(201)
    services.sim.expireAccessTokens()
    runAs('grace@acme.example')
    const before = services.sim.requests.length
    const error = await failureOf(create(connection))
    expect(error).toMatchObject({ name: 'TokenError', code: 'token/org-changed', retryable: false, needsLogin: false })
    expect(error.hint).toMatch(/new connection/)
    const writes = services.sim.requests.slice(before).filter(({ path }) => path === ACCOUNTS)
    expect(writes).toHaveLength(1)
  })

  it('revokes the token it does not use', async () => {
    const given: string[] = []
    const listening: Fetch = async (input, init) => {
      const response = await fetch(input, init)
      if (new Request(input).url.endsWith('/token')) {
        given.push(((await response.clone().json()) as { access_token: string }).access_token)
      }
      return response
    }
    const connection = services.bySecret({ fetch: listening })
    await connection.accessToken()
    services.sim.expireAccessTokens()
    runAs('grace@acme.example')
    await failureOf(create(connection))
    const { clientId, clientSecret } = services.sim.app()
    const loginUrl = services.sim.org().url
    const { client } = openTokenEndpoint({ loginUrl, clientId, clientAuthentication: clientSecretPost(clientSecret) })
    expect(given).toHaveLength(2)
    await expect
      .poll(async () => (await introspectToken({ client, base: loginUrl }, given[1] ?? '')).active, { timeout: 3_000 })
      .toBe(false)
  })

  it('does not ask for a token at every call', async () => {
    const connection = services.bySecret()
    await connection.accessToken()
    services.sim.expireAccessTokens()
    runAs('grace@acme.example')
    for (let i = 0; i < 20; i++) await failureOf(connection.fetch(LIMITS))
    expect(services.logins()).toBe(2)
  })

  it('works again once the first user is back', async () => {
    const connection = services.bySecret()
    await connection.accessToken()
    services.sim.expireAccessTokens()
    runAs('grace@acme.example')
    await failureOf(connection.fetch(LIMITS))
    runAs('ada@acme.example')
    services.sim.clock.advance(MINUTE)
    expect(await connection.identity()).toMatchObject({ username: 'ada@acme.example' })
  })

  it('uses the living token on while an early renewal brings another user', async () => {
    const connection = services.bySecret({ tokenExpiry: { sessionTimeout: 15 * MINUTE } })
    const first = await connection.accessToken()
    runAs('grace@acme.example')
    services.sim.clock.advance(14.5 * MINUTE)
    expect(await connection.accessToken()).toBe(first)
    expect(services.logins()).toBe(2)
  })
})

it('a new connection after the change is the new user', async () => {
  runAs('grace@acme.example')
  expect(await services.bySecret().identity()).toMatchObject({ username: 'grace@acme.example' })
})

it('describes the user within the time limit also while a renewal is slow', async () => {
  let delay = 0
  const connection = services.bySecret({
    timeout: 1_000,
    // As one that pays no heed to signals.
    async fetch(input, init) {
      if (new Request(input).url.endsWith('/token')) await new Promise((resolve) => setTimeout(resolve, delay))
      return fetch(input, { ...init, signal: null })
    },
  })
  await connection.accessToken()
  services.sim.expireAccessTokens()
  delay = 3_000
  const before = performance.now()
  expect(await failureOf(connection.identity())).toMatchObject({ code: 'net/timeout' })
  expect(performance.now() - before).toBeLessThan(2_000)
})
