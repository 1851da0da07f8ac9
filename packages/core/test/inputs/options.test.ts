import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/errors/errors.ts'
import { createSalesforceAuth } from '../../src/node.ts'
import type { SalesforceAuthOptions } from '../../src/options.ts'

const SECRET = 'k3J9vQ2mX7pL5tR8wZ1nB4cY6hG0sD3f'
const good = {
  clientId: '3MVG9abc',
  clientSecret: '1955279925675241571',
  loginUrl: 'https://acme.my.salesforce.com',
  baseUrl: 'https://app.example.com',
  session: { secret: SECRET },
}
const goodEnvironment = {
  SALESFORCE_CLIENT_ID: '3MVG9abc',
  SALESFORCE_CLIENT_SECRET: '1955279925675241571',
  SALESFORCE_LOGIN_URL: 'https://acme.my.salesforce.com',
  APP_BASE_URL: 'https://app.example.com',
  SESSION_SECRET: SECRET,
}
const ORG = '00Dx0000000BV7zEAG'

/** Options as a JavaScript caller may write them. */
function faultsOf(options: unknown, environment = {}): ConfigError {
  try {
    createSalesforceAuth(options as SalesforceAuthOptions, environment)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('The options were accepted')
}

const rsa = (name: string): string => `-----BEGIN ${name}-----\nMIIB\n-----END ${name}-----`

describe('a bad option is a ConfigError that names it and says what to write', () => {
  it.each<[option: string, change: object, hint: RegExp]>([
    ['clientId', { clientId: undefined }, /Consumer Key.*SALESFORCE_CLIENT_ID/],
    ['clientId', { clientId: '' }, /Consumer Key/],
    ['clientId', { clientId: '3MVG9 abc' }, /Consumer Key/],
    ['clientId', { clientId: '3MVG9abc\n' }, /Consumer Key/],
    ['clientId', { clientId: 42 }, /Consumer Key/],
    ['clientSecret', { clientSecret: undefined }, /SALESFORCE_CLIENT_SECRET.*publicClient/],
    ['clientSecret', { clientSecret: '' }, /without anything around it/],
    ['clientSecret', { clientSecret: ' 1955' }, /without anything around it/],
    ['clientSecret', { clientSecret: [] }, /without anything around it/],
    ['clientSecret', { clientSecret: ['1955', ''] }, /without anything around it/],
    ['clientSecret', { clientSecret: 1955 }, /without anything around it/],
    ['privateKey', { privateKey: '' }, /PKCS#8/],
    ['privateKey', { privateKey: 'MIIEvQIBADANBg' }, /PKCS#8/],
    ['privateKey', { privateKey: rsa('ENCRYPTED PRIVATE KEY') }, /openssl pkcs8/],
    ['privateKey', { privateKey: rsa('PUBLIC KEY') }, /PKCS#8/],
    ['privateKey', { privateKey: rsa('CERTIFICATE') }, /PKCS#8/],
    ['privateKey', { privateKey: rsa('EC PRIVATE KEY') }, /RSA/],
    ['privateKey', { privateKey: { kty: 'EC', crv: 'P-256', d: 'x' } }, /RSA/],
    ['privateKey', { privateKey: { kty: 'RSA', n: 'x', e: 'AQAB' } }, /private/],
    ['privateKey', { privateKey: {} }, /PKCS#8/],
    ['privateKey', { privateKey: 7 }, /PKCS#8/],
    ['clientAuthentication', { clientAuthentication: 'post' }, /function/],
    ['loginUrl', { loginUrl: undefined }, /SALESFORCE_LOGIN_URL.*My Domain/],
    ['loginUrl', { loginUrl: '' }, /My Domain/],
    ['loginUrl', { loginUrl: 5 }, /My Domain/],
    ['baseUrl', { baseUrl: undefined }, /APP_BASE_URL.*https:\/\/app\.example\.com/],
    ['baseUrl', { baseUrl: 'app.example.com' }, /https:\/\/app\.example\.com/],
    ['baseUrl', { baseUrl: 'ws://app.example.com' }, /https:\/\/app\.example\.com/],
    ['baseUrl', { baseUrl: 'http://app.example.com' }, /localhost may use http/],
    ['baseUrl', { baseUrl: 'http://0.0.0.0:3000' }, /localhost may use http/],
    ['baseUrl', { baseUrl: 'http://192.168.1.5:3000' }, /localhost may use http/],
    ['baseUrl', { baseUrl: 'http://localhost.example.com' }, /localhost may use http/],
    ['baseUrl', { baseUrl: 'https://app.example.com/?x=1' }, /Write only https:\/\/app\.example\.com\/\./],
    ['baseUrl', { baseUrl: 'https://app.example.com/#x' }, /Write only https:\/\/app\.example\.com\/\./],
    ['baseUrl', { baseUrl: 'https://u:p@app.example.com' }, /Write only https:\/\/app\.example\.com\/\./],
    ['baseUrl', { baseUrl: 'https://app.example.com//crm' }, /one slash/],
    ['baseUrl', { baseUrl: true }, /https:\/\/app\.example\.com/],
    ['allowedOrgs', { loginUrl: 'https://login.salesforce.com' }, /18-character ids.*'any'/],
    ['allowedOrgs', { loginUrl: 'https://test.salesforce.com' }, /18-character ids.*'any'/],
    ['allowedOrgs', { allowedOrgs: [] }, /'any'/],
    ['allowedOrgs', { allowedOrgs: ORG }, /\['00D…'\]/],
    ['allowedOrgs', { allowedOrgs: ['any'] }, /begins with 00D/],
    ['allowedOrgs', { allowedOrgs: ['00Dx0000000BV7z'] }, /00Dx0000000BV7zEAG/],
    ['allowedOrgs', { allowedOrgs: ['00Dx0000000BV7zEAH'] }, /begins with 00D/],
    ['allowedOrgs', { allowedOrgs: ['005x00000012Q9PAAU'] }, /begins with 00D/],
    ['allowedOrgs', { allowedOrgs: [null] }, /begins with 00D/],
    ['trustedHosts', { trustedHosts: ['https://login.example.com'] }, /bare lower-case host names/],
    ['trustedHosts', { trustedHosts: ['login.example.com/x'] }, /bare lower-case host names/],
    ['trustedHosts', { trustedHosts: ['*.example.com'] }, /bare lower-case host names/],
    ['trustedHosts', { trustedHosts: ['.example.com'] }, /bare lower-case host names/],
    ['trustedHosts', { trustedHosts: ['Login.example.com'] }, /bare lower-case host names/],
    ['trustedHosts', { trustedHosts: ['login.example.com:99999'] }, /bare lower-case host names/],
    ['trustedHosts', { trustedHosts: ['127.1'] }, /bare lower-case host names/],
    ['trustedHosts', { trustedHosts: ['localhost:8080'] }, /public app/],
    ['trustedHosts', { trustedHosts: ['127.0.0.1'] }, /public app/],
    ['trustedHosts', { trustedHosts: [5] }, /bare lower-case host names/],
    ['trustedHosts', { trustedHosts: 'login.example.com, sso.example.com' }, /bare lower-case host names/],
    ['scope', { scope: '' }, /openid id api refresh_token/],
    ['scope', { scope: [] }, /openid id api refresh_token/],
    ['scope', { scope: ['api', 5] }, /openid id api refresh_token/],
    ['scope', { scope: 'api "full"' }, /openid id api refresh_token/],
    ['scope', { scope: ['api refresh_token'] }, /openid id api refresh_token/],
    ['scope', { scope: 5 }, /openid id api refresh_token/],
    ['name', { name: '' }, /beginning with a small letter/],
    ['name', { name: '__proto__' }, /beginning with a small letter/],
    ['name', { name: 'sales force' }, /beginning with a small letter/],
    ['name', { name: 'a;b' }, /beginning with a small letter/],
    ['name', { name: 'x'.repeat(32) }, /beginning with a small letter/],
    ['session', { session: 'secret' }, /object/],
    ['session.secret', { session: {} }, /SESSION_SECRET.*openssl rand/],
    ['session.secret', { session: { secret: '' } }, /openssl rand/],
    ['session.secret', { session: { secret: 'short' } }, /openssl rand/],
    ['session.secret', { session: { secret: 'a'.repeat(64) } }, /openssl rand/],
    ['session.secret', { session: { secret: [SECRET, 'short'] } }, /openssl rand/],
    ['session.secret', { session: { secret: 42 } }, /openssl rand/],
    [
      'session.secrets',
      { session: { secret: SECRET, secrets: [SECRET] } },
      /Did you mean session\.secret\b|Options are/,
    ],
    [
      'session.idletimeout',
      { session: { secret: SECRET, idletimeout: 60_000 } },
      /Did you mean session\.idleTimeout\?/,
    ],
    ['session.rolling', { session: { secret: SECRET, rolling: 'false' } }, /true or false/],
    ['session.idleTimeout', { session: { secret: SECRET, idleTimeout: 60 } }, /milliseconds/],
    ['session.idleTimeout', { session: { secret: SECRET, idleTimeout: '1h' } }, /milliseconds/],
    ['session.idleTimeout', { session: { secret: SECRET, idleTimeout: Number.NaN } }, /milliseconds/],
    ['session.idleTimeout', { session: { secret: SECRET, idleTimeout: 8 * 86_400_000 } }, /shorter of the two/],
    ['session.absoluteTimeout', { session: { secret: SECRET, absoluteTimeout: Infinity } }, /milliseconds/],
    ['session.absoluteTimeout', { session: { secret: SECRET, absoluteTimeout: 500 * 86_400_000 } }, /milliseconds/],
    ['session.store', { session: { secret: SECRET, store: {} } }, /contract/],
    ['session.store', { session: { secret: SECRET, store: null } }, /contract/],
    ['session.store', { session: { secret: SECRET, store: new Map() } }, /contract/],
    ['routes', { routes: 'auth' }, /object/],
    ['routes.signin', { routes: { signin: '/in' } }, /login, callback, logout/],
    ['routes.toString', { routes: { toString: '/in' } }, /login, callback, logout/],
    ['routes.login', { routes: { login: 'login' } }, /\/auth\/login/],
    ['routes.login', { routes: { login: '/login/' } }, /\/auth\/login/],
    ['routes.login', { routes: { login: '//evil.example/login' } }, /\/auth\/login/],
    ['routes.login', { routes: { login: '/a/../login' } }, /\/auth\/login/],
    ['routes.login', { routes: { login: '/login?x' } }, /\/auth\/login/],
    ['routes.callback', { routes: { callback: true } }, /\/auth\/callback/],
    ['routes.logout', { routes: { logout: '/:id' } }, /\/auth\/logout/],
    ['routes', { routes: { login: '/auth/x', logout: '/auth/x' } }, /path of its own/],
    ['tokenExpiry', { tokenExpiry: true }, /object/],
    ['tokenExpiry.introspect', { tokenExpiry: { introspect: 'yes' } }, /true or false/],
    ['tokenExpiry.sessionTimeout', { tokenExpiry: { sessionTimeout: 120 } }, /milliseconds/],
    ['tokenExpiry.timeout', { tokenExpiry: { timeout: 120_000 } }, /introspect, sessionTimeout/],
    ['timeout', { timeout: 0 }, /milliseconds/],
    ['timeout', { timeout: '10s' }, /milliseconds/],
    ['timeout', { timeout: 1_000.5 }, /milliseconds/],
    ['timeout', { timeout: 30 * 86_400_000 }, /milliseconds/],
    ['fetch', { fetch: 'node-fetch' }, /function/],
    ['now', { now: 1_700_000_000_000 }, /function/],
    ['logger', { logger: console }, /function/],
    ['onLogin', { onLogin: {} }, /function/],
    ['clientID', { clientID: 'x' }, /Did you mean clientId\?/],
    ['redirectUri', { redirectUri: 'https://app.example.com/cb' }, /Options are clientId/],
  ])('%s: %j', (option, change, hint) => {
    const error = faultsOf({ ...good, ...change })
    expect(error.code).toBe('config/invalid')
    expect([...new Set(error.faults.map((fault) => fault.option))]).toEqual([option])
    expect(error.faults.map((fault) => fault.hint).join(' ')).toMatch(hint)
    expect(error.message).toContain(option)
  })

  it.each([[null], ['options'], [5], [[good]]])('%j in place of options', (options) => {
    expect(faultsOf(options)).toMatchObject({ code: 'config/invalid', hint: expect.stringMatching(/object/) })
  })
})

describe('a bad environment variable is a ConfigError', () => {
  it.each<[option: string, change: Record<string, string | undefined>, hint: RegExp]>([
    ['clientId', { SALESFORCE_CLIENT_ID: '' }, /SALESFORCE_CLIENT_ID/],
    ['clientSecret', { SALESFORCE_CLIENT_SECRET: '' }, /SALESFORCE_CLIENT_SECRET/],
    ['clientSecret', { SALESFORCE_CLIENT_SECRET: ' 1955 ' }, /without anything around it/],
    ['loginUrl', { SALESFORCE_LOGIN_URL: undefined }, /SALESFORCE_LOGIN_URL/],
    ['loginUrl', { SALESFORCE_LOGIN_URL: 'acme' }, /My Domain|looks like/],
    ['baseUrl', { APP_BASE_URL: undefined }, /APP_BASE_URL/],
    ['baseUrl', { APP_BASE_URL: 'undefined' }, /APP_BASE_URL/],
    ['session.secret', { SESSION_SECRET: undefined }, /SESSION_SECRET/],
    ['session.secret', { SESSION_SECRET: ' , ,' }, /SESSION_SECRET/],
    ['session.secret', { SESSION_SECRET: `${SECRET},old` }, /openssl rand/],
    ['privateKey', { SALESFORCE_PRIVATE_KEY: 'not a key' }, /PKCS#8/],
  ])('%s: %j', (option, change, hint) => {
    const error = faultsOf({}, { ...goodEnvironment, ...change })
    expect(error.faults.map((fault) => fault.option)).toEqual([option])
    expect(error.faults[0]?.hint).toMatch(hint)
  })

  it('tells all faults at once', () => {
    const { faults, message } = faultsOf({ scope: '', name: '7' }, {})
    const options = ['baseUrl', 'loginUrl', 'session.secret', 'clientId', 'clientSecret', 'scope', 'name']
    expect(faults.map((fault) => fault.option)).toEqual(options)
    expect(message.split('\n')).toHaveLength(options.length)
  })
})

describe('options that are accepted', () => {
  it.each<[what: string, options: object, environment?: Record<string, string>]>([
    ['everything from the environment', {}, goodEnvironment],
    ['a list of secrets from the environment', {}, { ...goodEnvironment, SESSION_SECRET: `${SECRET}, ${SECRET}2` }],
    ['a local app without a session secret', { ...good, baseUrl: 'http://localhost:3000', session: {} }],
    ['a local app on [::1]', { ...good, baseUrl: 'http://[::1]:3000' }],
    ['a local app on its own local host name', { ...good, baseUrl: 'http://shop.localhost:3000' }],
    ['an app under a path', { ...good, baseUrl: 'https://app.example.com/crm/' }],
    ['scope as a comma list', { ...good, scope: 'openid,api' }],
    ['scope as a list with a custom one', { ...good, scope: ['api', 'orders:read'] }],
    ['a generic host with named orgs', { ...good, loginUrl: 'https://login.salesforce.com', allowedOrgs: [ORG] }],
    ['a generic host for any org', { ...good, loginUrl: 'https://login.salesforce.com', allowedOrgs: 'any' }],
    ['a custom domain with a port', { ...good, loginUrl: 'https://a.example:8443', trustedHosts: ['a.example:8443'] }],
    [
      'a custom domain with the usual port',
      { ...good, loginUrl: 'https://a.example', trustedHosts: ['a.example:443'] },
    ],
    ['one trusted host as a text', { ...good, trustedHosts: 'login.example.com' }],
    ['routes left out and renamed', { ...good, routes: { logout: false, login: '/in', callback: '/oauth/cb.php' } }],
    ['secrets under rotation', { ...good, clientSecret: ['new', 'old'] }],
    ['idle time above the default', { ...good, session: { secret: SECRET, idleTimeout: 7 * 86_400_000 } }],
    ['a short absolute time', { ...good, session: { secret: SECRET, absoluteTimeout: 60_000 } }],
    ['the longest timeout', { ...good, timeout: 600_000 }],
    [
      'options that are undefined',
      { ...good, scope: undefined, name: undefined, session: { ...good.session, store: undefined } },
    ],
  ])('%s', (_what, options, environment = {}) => {
    expect(() => createSalesforceAuth(options, environment)).not.toThrow()
  })
})
