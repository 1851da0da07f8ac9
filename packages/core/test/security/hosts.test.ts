import { describe, expect, it } from 'vitest'
import { createSalesforceAuth, isMyDomain } from '../../src/index.ts'
import type { SalesforceAuthOptions } from '../../src/index.ts'
import { Connection } from '../../src/connection/connection.ts'
import type { HeldTokens } from '../../src/connection/held-tokens.ts'
import { createHttpClient } from '../../src/net/http-client.ts'
import { publicClient } from '../../src/oauth/client-authentication.ts'
import { acceptCommunityUrl, acceptInstanceUrl } from '../../src/org/hosts.ts'
import type { LoginHost } from '../../src/org/hosts.ts'

const hostOf = (origin: string, kind: LoginHost['kind']): LoginHost => ({ kind, base: origin, origin })
const ACME = hostOf('https://acme.my.salesforce.com', 'my-domain')
const PUBLIC = hostOf('https://login.salesforce.com', 'public')
const LOCAL = hostOf('http://127.0.0.1:4000', 'local')

const GOOD: SalesforceAuthOptions = {
  clientId: 'id',
  clientSecret: 'secret',
  loginUrl: ACME.base,
  baseUrl: 'https://app.example.com',
  session: { secret: 'sdkjfhIUYkjh7823kjhdsf98234kjhsdf' },
}

describe('which deployments start', () => {
  it.each<[string, SalesforceAuthOptions]>([
    ['plain http', { baseUrl: 'http://app.example.com' }],
    ['plain http on a name that only looks local', { baseUrl: 'http://localhost.example.com' }],
    ['plain http on localhost with a dot', { baseUrl: 'http://localhost./' }],
    ['plain http on all interfaces', { baseUrl: 'http://0.0.0.0:3000' }],
    ['plain http on an IPv4 address in IPv6', { baseUrl: 'http://[::ffff:127.0.0.1]' }],
    ['a login host on this machine', { loginUrl: 'https://127.0.0.1' }],
    ['a login host on this machine, in octal', { loginUrl: 'https://0177.1' }],
    [
      'a login host on this machine that is trusted',
      { loginUrl: 'https://localhost:1', trustedHosts: ['localhost:1'] },
    ],
    ['a login host behind a user name', { loginUrl: 'https://acme.my.salesforce.com@evil.example' }],
    ['a login host that only begins right', { loginUrl: 'https://acme.my.salesforce.com.evil.example' }],
    ['a generic login host for every org', { loginUrl: 'https://login.salesforce.com' }],
    ['the same in capitals', { loginUrl: 'https://LOGIN.salesforce.com/' }],
    ['no session secret', { session: {} }],
    ['an empty list of session secrets', { session: { secret: [] } }],
    ['a list of one word', { allowedOrgs: ['any'] }],
    ['an empty list of orgs', { allowedOrgs: [] }],
  ])('refuses a public app with %s', (_, options) => {
    expect(() => createSalesforceAuth({ ...GOOD, ...options }, {})).toThrow()
  })

  it('starts with the options those rows begin from', () => {
    expect(() => createSalesforceAuth(GOOD, {})).not.toThrow()
  })

  // `trustedHosts` is asked first, so the generic host counts as one org's own and lets every org in.
  it('refuses a generic login host for every org also when it is trusted', () => {
    const open = { loginUrl: PUBLIC.base, trustedHosts: ['login.salesforce.com'] }
    expect(() => createSalesforceAuth({ ...GOOD, ...open }, {})).toThrow(/allowedOrgs/)
  })
})

describe('a My Domain typed by a visitor', () => {
  it.each([
    'http://acme.my.salesforce.com',
    'https://acme.my.salesforce.com:8443',
    'https://acme.my.salesforce.com/path',
    'https://me@acme.my.salesforce.com',
    'https://acme.my.salesforce.com.',
    'https://acme.my.salesforce.com\n',
    'https://evil.example/.my.salesforce.com',
    'https://acme.my.salesforce.com.evil.example',
    'https://my.salesforce.com',
    'https://login.salesforce.com',
  ])('is not %j', (value) => expect(isMyDomain(value)).toBe(false))

  it('is refused, not thrown at, when it is no address at all', () => {
    expect(isMyDomain('https://1.2.3.999')).toBe(false)
  })

  it('is not an internationalized name', () => {
    expect(isMyDomain('https://xn--80ak6aa92e.my.salesforce.com')).toBe(false)
  })
})

describe('where a token answer may lead', () => {
  it.each([
    ['https://evil.example', ACME],
    ['https://acme.my.salesforce.com.evil.example', ACME],
    ['https://evilsalesforce.com', ACME],
    ['https://salesforce.com.', ACME],
    ['http://acme.my.salesforce.com', ACME],
    ['https://acme.my.salesforce.com:8443', ACME],
    ['https://me@acme.my.salesforce.com', ACME],
    ['https://:pw@acme.my.salesforce.com', ACME],
    ['https://127.0.0.1', PUBLIC],
    ['https://localhost', PUBLIC],
    ['https://[::1]', PUBLIC],
    ['https://169.254.169.254', PUBLIC],
    ['javascript:alert(1)', PUBLIC],
    ['https://acme.my.salesforce.com', LOCAL],
    ['ftp://127.0.0.1', LOCAL],
    ['https://evil.localhost.example', LOCAL],
  ])('is not the instance %s after a login on another host', (value, login) => {
    expect(acceptInstanceUrl(value, login, [])).toBeUndefined()
  })

  it.each([
    'https://evil.example',
    'https://evil.my.salesforce.com',
    'https://acme.my.salesforce.com.evil.example',
    'https://me@acme.my.salesforce.com',
    'http://acme.my.salesforce.com',
    'https://acme.my.salesforce.com/?x',
    'https://acme.my.salesforce.com/#x',
    'https://acme.my.salesforce.com:8443/',
    'http://trusted.example',
    'https://trusted.example:8443',
    '//acme.my.salesforce.com',
  ])('is not the community %s', (value) => {
    expect(acceptCommunityUrl(value, ACME, ['trusted.example'])).toBeUndefined()
  })
})

describe('a call with a token', () => {
  const tokens: HeldTokens = {
    accessToken: '00D!token',
    tokenType: 'Bearer',
    instanceUrl: 'https://acme.my.salesforce.com',
    apiInstanceUrl: 'https://api.salesforce.com',
    expirySource: 'unknown',
    identity: { orgId: '00D', userId: '005' },
  }
  const asked: string[] = []
  let refuse = true
  const http = createHttpClient({
    async fetch(input) {
      asked.push(input instanceof Request ? input.url : input.toString())
      return refuse ? new Response('', { status: 401 }) : new Response('ok')
    },
  })
  const client = {
    clientId: 'id',
    authenticate: publicClient(),
    http,
    trustedHosts: [],
    log: () => undefined,
    now: Date.now,
  }
  const connection = new Connection(
    {
      current: async () => tokens,
      async renew() {
        refuse = false
        return { ...tokens, accessToken: '00D!newer' }
      },
    },
    { client, loginBase: async () => ACME.base },
  )

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\\\evil.example/',
    '\t//evil.example/',
    'https:evil.example',
    'https://acme.my.salesforce.com@evil.example/',
    'https://me@acme.my.salesforce.com/',
    'https://acme.my.salesforce.com:8443/',
    'http://acme.my.salesforce.com/',
    'https://acme.my.salesforce.com.evil.example/',
    'https://evil.my.salesforce.com/',
    'https://evil.api.salesforce.com/',
    'data:text/plain,x',
    'file:///etc/passwd',
  ])('does not go to %j', async (path) => {
    asked.length = 0
    await connection.fetch(path).catch(() => undefined)
    expect(asked.filter((url) => !url.startsWith('https://acme.my.salesforce.com/'))).toEqual([])
  })

  it('stays on the instance when it is repeated, whatever its path begins with', async () => {
    refuse = true
    asked.length = 0
    await connection.fetch('/.//evil.example/x').catch(() => undefined)
    expect(asked.filter((url) => !url.startsWith('https://acme.my.salesforce.com/'))).toEqual([])
  })

  // The rest of the address is read as a new one: `//x` names a host there, and the repetition is refused.
  it('is repeated when its path begins with two slashes', async () => {
    refuse = true
    const response = await connection.fetch('https://acme.my.salesforce.com//services/data')
    expect(response.status).toBe(200)
  })
})
