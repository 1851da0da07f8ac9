import { describe, expect, it } from 'vitest'
import { Connection } from '../../src/connection/connection.ts'
import type { HeldTokens } from '../../src/connection/held-tokens.ts'
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
    client: {
      clientId: 'c',
      authenticate: publicClient(),
      http,
      trustedHosts: [],
      log: () => undefined,
      now: Date.now,
    },
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

describe('a token that was renewed', () => {
  /** What is called, and how it ends, when Salesforce refuses the old token. */
  async function renewed(path: string, fresh: HeldTokens): Promise<readonly [asked: string[], outcome: unknown]> {
    const asked: string[] = []
    const refusing = createHttpClient({
      fetch: (input, init) => {
        const url = input instanceof Request ? input.url : String(input)
        asked.push(`${url} ${new Headers(init?.headers).get('authorization')}`)
        return Promise.resolve(new Response(null, { status: asked.length === 1 ? 401 : 200 }))
      },
    })
    const outcome: unknown = await new Connection(
      { current: () => Promise.resolve(tokens), renew: () => Promise.resolve(fresh) },
      {
        client: {
          clientId: 'c',
          authenticate: publicClient(),
          http: refusing,
          trustedHosts: [],
          log: () => undefined,
          now: Date.now,
        },
        loginBase: () => Promise.resolve('https://login.salesforce.com'),
      },
    )
      .fetch(path)
      .catch((error: unknown) => error)
    return [asked, outcome]
  }
  const fresh = { ...tokens, accessToken: 'PLANTED-fresh', instanceUrl: 'https://moved.my.salesforce.com' }

  it('goes to the new instance in place of the old one', async () => {
    const [asked] = await renewed('https://acme.my.salesforce.com/x?y#z', fresh)
    expect(asked[1]).toBe('https://moved.my.salesforce.com/x?y#z Bearer PLANTED-fresh')
  })

  it('goes to the other origin that it announces as well', async () => {
    const [asked] = await renewed('https://api.salesforce.com/einstein', fresh)
    expect(asked[1]).toBe('https://api.salesforce.com/einstein Bearer PLANTED-fresh')
  })

  it('does not go to an origin that only the old token announced', async () => {
    const { apiInstanceUrl: _, ...bare } = fresh
    const [asked, outcome] = await renewed('https://api.salesforce.com/einstein', bare)
    expect(outcome).toMatchObject({ code: 'token/foreign-host' })
    expect(asked).toEqual(['https://api.salesforce.com/einstein Bearer PLANTED-access'])
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
