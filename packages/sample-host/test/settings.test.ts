import { ConfigError, createSalesforceAuth } from '@orgpass/core'
import { expect, it } from 'vitest'
import { readSettings } from '../src/settings.ts'
import { startSimulated } from '../src/simulated.ts'
import { whyNotStarted } from '../src/why-not-started.ts'

const real = {
  SALESFORCE_CLIENT_ID: '3MVG9',
  SALESFORCE_CLIENT_SECRET: 'secret',
  SALESFORCE_LOGIN_URL: 'https://acme.my.salesforce.com',
  APP_BASE_URL: 'https://app.example.com',
  SESSION_SECRET: 'a session secret of the tests, long enough: 0123456789',
}

it.each([
  [{}, 3000],
  [{ PORT: '0' }, 0],
  [{ PORT: '4300', PATH: '/bin', SESSION_SECRET: real.SESSION_SECRET }, 4300],
  [{ APP_BASE_URL: 'http://localhost:8080/' }, 3000],
  [{ APP_BASE_URL: 'http://127.0.0.1:3000' }, 3000],
  [{ APP_BASE_URL: 'http://app.localhost:3000' }, 3000],
])('simulates Salesforce when nothing about it is configured: %j', (variables, port) => {
  expect(readSettings(variables)).toMatchObject({ port, simulated: true })
})

it('connects to a real org when all five variables are set', () => {
  expect(readSettings(real)).toEqual({ port: 3000, baseUrl: real.APP_BASE_URL, simulated: false })
})

it.each(Object.keys(real))('refuses to start without %s, and names it alone', (name) => {
  const settings = (): unknown => readSettings({ ...real, [name]: undefined })
  expect(settings).toThrow(new RegExp(`^${name} is missing\\. `))
})

it.each([
  { SALESFORCE_LOGIN_URL: '' },
  { SALESFORCE_CLIENT_ID: ' ' },
  { SALESFORCE_PRIVATE_KEY: 'x' },
  { APP_BASE_URL: 'https://app.example.com' },
  { APP_BASE_URL: 'https://localhost.example.com' },
  { APP_BASE_URL: 'https://127.0.0.1.example.com' },
  { APP_BASE_URL: 'nonsense' },
])('starts no simulator when something is configured or others can reach the app: %j', (variables) => {
  expect(() => readSettings(variables)).toThrow(/SALESFORCE_CLIENT_SECRET, .*are missing/)
})

it.each(['', 'http', '-1', '65536', '3000.5', '0x10'])('refuses the port %j', (port) => {
  expect(() => readSettings({ PORT: port })).toThrow('PORT is not a port number')
})

it('refuses a base URL with a path, which its links would leave', () => {
  expect(() => readSettings({ ...real, APP_BASE_URL: 'https://example.com/app' })).toThrow('APP_BASE_URL has a path')
})

it('refuses to simulate Salesforce for an app that others can reach', async () => {
  await expect(startSimulated('https://app.example.com')).rejects.toThrow('for this machine only')
})

it('names every faulty variable', () => {
  const auth = {
    clientId: '',
    clientSecret: 'secret',
    loginUrl: 'https://acme.lightning.force.com',
    baseUrl: 'http://app.example.com',
    session: { secret: 'short' },
  }
  let reason: unknown
  try {
    createSalesforceAuth(auth, {})
  } catch (error) {
    reason = error
  }
  expect(reason).toBeInstanceOf(ConfigError)
  const text = whyNotStarted(reason)
  for (const name of ['SALESFORCE_CLIENT_ID', 'SALESFORCE_LOGIN_URL', 'APP_BASE_URL', 'SESSION_SECRET'])
    expect(text).toContain(name)
  expect(text).not.toContain('\n')
})
