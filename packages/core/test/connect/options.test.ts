import { describe, expect, it } from 'vitest'
import { ConfigError, memoryStore } from '../../src/index.ts'
import type { ConnectOptions, KeyValueStore, LogEvent, SalesforceAuthOptions } from '../../src/index.ts'
import { createSalesforceAuth } from '../../src/node.ts'

const store = memoryStore()
/** One that other processes see. */
const { reach: _, ...shared } = store

const options = (connect: unknown, more: SalesforceAuthOptions = {}): SalesforceAuthOptions => ({
  clientId: 'sign-in',
  clientSecret: 'secret',
  loginUrl: 'https://acme.my.salesforce.com',
  baseUrl: 'https://app.example',
  logger: () => undefined,
  ...more,
  session: { secret: 'a session secret of the tests, long enough: 0123456789', ...more.session },
  connect: connect as ConnectOptions,
})

function faults(given: SalesforceAuthOptions): string[] {
  try {
    createSalesforceAuth(given, {})
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ option, problem }) => `${option} ${problem}`)
    throw error
  }
  return []
}

describe('the option connect', () => {
  it.each<[what: string, connect: unknown, fault: string]>([
    ['without any store', {}, 'connect.store is missing'],
    ['with half a store', { store: { get: () => undefined } }, 'connect.store lacks set, delete, list, keys, withLock'],
    [
      'with a scope that no refresh token comes with',
      { store, scope: 'api id' },
      'connect.scope has no refresh_token, so a connection would end with its first access token',
    ],
    ['that is no object', true, 'connect is not an object'],
    ['with a misspelt option', { store, clientID: 'x' }, 'connect.clientID is not an option'],
    [
      'with a secret of no client',
      { store, clientSecret: 'x' },
      'connect.clientId is missing, though another of its client options is there',
    ],
    ['with a client that proves nothing', { store, clientId: 'x' }, 'connect.clientSecret is missing'],
    [
      'with a client id that is none',
      { store, clientId: 'a b', clientSecret: 'x' },
      'connect.clientId is not a Consumer Key',
    ],
    [
      'with a foreign login host',
      { store, loginUrl: 'https://evil.example' },
      'connect.loginUrl (evil.example) is not a Salesforce host',
    ],
    [
      'with orgs that are none',
      { store, allowedOrgs: [] },
      "connect.allowedOrgs is neither 'any' nor a list of org ids",
    ],
    ['with scopes that are none', { store, scope: [] }, 'connect.scope is not a list of scope names'],
  ])('%s is refused at creation', (_what, connect, fault) => {
    expect(faults(options(connect))).toEqual([fault])
  })

  it.each<[what: string, given: SalesforceAuthOptions]>([
    ['a store of its own', options({ store })],
    ['the store of the sessions', options({}, { session: { store } })],
    ['a client of its own', options({ store, clientId: 'x', clientSecret: 'y' })],
    ['the generic login host: an owner connects any org', options({ store, loginUrl: 'https://login.salesforce.com' })],
  ])('takes %s', (_what, given) => {
    expect(faults(given)).toEqual([])
  })

  it('wants a secret that outlives the process when connections do', () => {
    const local = { ...options({ store: shared as KeyValueStore }), baseUrl: 'http://localhost:3000', session: {} }
    expect(faults(local)).toEqual([
      'session.secret is missing, and nobody could read the stored connections once this process ends',
    ])
    expect(faults({ ...local, connect: { store } })).toEqual([])
  })

  it('warns that a store is for one process, where the app is public', () => {
    const log: LogEvent[] = []
    const logger = (event: LogEvent): void => void log.push(event)
    createSalesforceAuth(options({ store: shared as KeyValueStore }, { logger }), {})
    expect(log).toEqual([])
    createSalesforceAuth(options({ store }, { logger }), {})
    createSalesforceAuth({ ...options({ store }, { logger }), baseUrl: 'http://localhost:3000' }, {})
    expect(log.map(({ event, level }) => `${event} ${level}`)).toEqual([
      'config/process-store warn',
      'config/process-store info',
    ])
  })

  it('is what the connections and their routes need', () => {
    const without = createSalesforceAuth({ ...options(undefined) }, {})
    expect(() => without.connections).toThrow(expect.objectContaining({ code: 'config/invalid' }))
  })
})
