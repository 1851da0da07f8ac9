import { describe, expect, it } from 'vitest'
import { Connection } from '../../src/connection/connection.ts'
import { TokenError } from '../../src/errors/errors.ts'
import { createHttpClient } from '../../src/net/http-client.ts'
import { publicClient } from '../../src/oauth/client-authentication.ts'

const sent: string[] = []
const tokens = {
  accessToken: 'PLANTED-access',
  tokenType: 'Bearer' as const,
  instanceUrl: 'https://acme.my.salesforce.com',
  apiInstanceUrl: 'https://api.salesforce.com',
  expirySource: 'unknown' as const,
  identity: { orgId: '00Dx0000000BV7zEAG', userId: '005x00000012Q9PAAU' },
}
const http = createHttpClient({
  fetch: (input) => {
    sent.push(input instanceof Request ? input.url : String(input))
    return Promise.resolve(new Response('{}'))
  },
})
const connection = new Connection(
  { current: () => Promise.resolve(tokens), renew: () => Promise.resolve(tokens) },
  {
    client: { clientId: 'c', authenticate: publicClient(), http, trustedHosts: [], now: Date.now },
    loginBase: () => Promise.resolve('https://login.salesforce.com'),
  },
)

describe('a token goes to', () => {
  it.each([
    ['/services/data', 'https://acme.my.salesforce.com/services/data'],
    ['services/data', 'https://acme.my.salesforce.com/services/data'],
    ['/services/data/v64.0/query?q=SELECT+Id', 'https://acme.my.salesforce.com/services/data/v64.0/query?q=SELECT+Id'],
    ['https://acme.my.salesforce.com/x', 'https://acme.my.salesforce.com/x'],
    ['https://ACME.my.salesforce.com:443/x', 'https://acme.my.salesforce.com/x'],
    ['https://api.salesforce.com/einstein', 'https://api.salesforce.com/einstein'],
    ['/a/..//evil.example', 'https://acme.my.salesforce.com//evil.example'],
    ['https:evil.example', 'https://acme.my.salesforce.com/evil.example'],
    ['/%2F%2Fevil.example', 'https://acme.my.salesforce.com/%2F%2Fevil.example'],
  ])('%s', async (path, url) => {
    await connection.fetch(path)
    expect(sent.at(-1)).toBe(url)
  })
})

describe('a token does not go to', () => {
  it.each([
    ['//evil.example/x'],
    ['///evil.example/x'],
    ['/\\evil.example/x'],
    ['\\\\evil.example/x'],
    ['\t//evil.example'],
    ['/\t/evil.example'],
    ['https://evil.example'],
    ['http://acme.my.salesforce.com/x'],
    ['https://acme.my.salesforce.com:8443/x'],
    ['https://acme.my.salesforce.com.evil.example/x'],
    ['https://acme.my.salesforce.com@evil.example/x'],
    ['https://u:p@acme.my.salesforce.com/x'],
    ['https://other.my.salesforce.com/x'],
    ['https://login.salesforce.com/services/oauth2/userinfo'],
    ['http://127.0.0.1/x'],
    ['javascript:alert(1)'],
    ['https://'],
    ['blob:https://acme.my.salesforce.com/x'],
  ])('%j', async (path) => {
    const before = sent.length
    const failure: unknown = await connection.fetch(path).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(TokenError)
    expect(failure).toMatchObject({
      code: 'token/foreign-host',
      hint: expect.stringContaining('https://acme.my.salesforce.com'),
    })
    expect(JSON.stringify(failure)).not.toContain('PLANTED')
    expect(sent.length).toBe(before)
  })
})
