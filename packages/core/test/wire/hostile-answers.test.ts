import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUserAgentFragment } from '../../src/flows/index.ts'
import { isSalesforceAuthError, openTokenEndpoint, publicClient } from '../../src/index.ts'
import { decodeDeviceCode } from '../../src/oauth/device-code.ts'
import { decodeTokenSet } from '../../src/oauth/token-set.ts'
import type { DecodeContext } from '../../src/oauth/token-set.ts'

const loginUrl = 'https://acme.my.salesforce.com'
const endpoint = openTokenEndpoint({ loginUrl, clientId: '3MVG9', clientAuthentication: publicClient() })
const context: DecodeContext = { login: endpoint.login, trustedHosts: [], now: 1_790_000_000_000 }
const state = 'state-of-this-login'

const MEMBERS =
  'access_token refresh_token id_token instance_url id scope issued_at signature token_type expires_in api_instance_url token_format sfdc_community_url sidCookieName cookie-sid_Client lightning_domain lightning_sid csrf_token content_domain content_sid parent_sid state error error_description device_code user_code verification_uri interval __proto__ constructor toString'.split(
    ' ',
  )
const VALUES = [
  '00Dxx0000001gER!AQEAQ',
  'https://acme.my.salesforce.com',
  'https://login.salesforce.com/id/00Dx0000000BV7zEAG/005x00000012Q9PAAU',
  'https://example.com',
  'http://localhost:1',
  'Bearer',
  'jwt',
  'eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjF9.c2ln',
  'a.b.c',
  '1790000000000',
  state,
  'api id',
  '',
]

const text = fc.oneof(fc.constantFrom(...VALUES), fc.string({ unit: 'binary', maxLength: 60 }))
const member = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...MEMBERS) }, { weight: 1, arbitrary: fc.string() })
const answer = fc.dictionary(member, fc.oneof(text, fc.jsonValue({ maxDepth: 2 })), { maxKeys: 12 })
const usable = { access_token: '00Dxx0000001gER!AQEAQ', instance_url: loginUrl, state }

/** What an attempt ends with: a value, or an error of this kit that tells no secret. Anything else fails the test. */
function outcome<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch (error) {
    if (!isSalesforceAuthError(error) || JSON.stringify(error).includes('AQEAQ')) throw error
    return undefined
  }
}

describe('whatever the token endpoint answers', () => {
  it('becomes tokens for a Salesforce host, or a typed error', () => {
    let accepted = 0
    const property = fc.property(answer, fc.boolean(), (members, begunWell) => {
      const tokens = outcome(() => decodeTokenSet({ ...(begunWell && usable), ...members }, context))
      if (tokens === undefined) return
      accepted += 1
      expect(tokens.instanceUrl).toMatch(/^https:\/\/(?:[a-z]+\.my|login)\.salesforce\.com$/)
      expect(tokens.accessToken).toMatch(/^[\x21-\x7e]+$/)
      expect(['Bearer', 'DPoP']).toContain(tokens.tokenType)
      expect([undefined, true]).toContain(
        tokens.expiresAt === undefined ? undefined : Number.isFinite(tokens.expiresAt),
      )
    })
    fc.assert(property, { numRuns: 3_000 })
    expect(accepted).toBeGreaterThan(100)
  })

  it('becomes codes whose address may be shown, or a typed error', () => {
    let accepted = 0
    const usual = { device_code: 'UGxh', user_code: '7K2PXR9Q', verification_uri: `${loginUrl}/setup/connect` }
    const property = fc.property(answer, fc.boolean(), (members, begunWell) => {
      const code = outcome(() => decodeDeviceCode({ ...(begunWell && usual), ...members }, context))
      if (code === undefined) return
      accepted += 1
      expect(code.userCode).toMatch(/^[\w-]+$/)
      expect(new URL(code.verificationUriComplete).hostname).toMatch(/\.salesforce\.com$/)
      expect(code.intervalMs).toBeGreaterThan(0)
      expect(code.intervalMs).toBeLessThanOrEqual(60_000)
    })
    fc.assert(property, { numRuns: 3_000 })
    expect(accepted).toBeGreaterThan(100)
  })
})

describe('whatever the browser comes back with', () => {
  const parse = (input: string) => outcome(() => parseUserAgentFragment(input, { endpoint, state }))

  it('becomes tokens only with the state of this login', () => {
    let accepted = 0
    const pairs = fc.array(fc.tuple(member, text), { maxLength: 10 })
    const property = fc.property(
      pairs,
      fc.constantFrom('#', '?', 'https://app.example/cb#', 'myapp:///cb?'),
      (members, lead) => {
        const parameters = new URLSearchParams([...Object.entries(usable), ...members])
        const tokens = parse(lead + parameters.toString())
        if (tokens === undefined) return
        accepted += 1
        expect(parameters.getAll('state')).toEqual([state])
        expect(parameters.has('error')).toBe(false)
      },
    )
    fc.assert(property, { numRuns: 3_000 })
    expect(accepted).toBeGreaterThan(100)
  })

  it('never hangs or crashes, however broken', () => {
    const broken = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({
        unit: fc.constantFrom('#', '?', '&', '=', '%', '+', 'state', state, '\0', '\ud800', '%E0%A4%A'),
        maxLength: 200,
      }),
    )
    const property = fc.property(broken, (input) => {
      expect(parse(input)).toBeUndefined()
    })
    fc.assert(property, { numRuns: 5_000 })
    const before = performance.now()
    for (const part of ['#', '?', '&state=', '%', 'a=1&']) parse(part.repeat(1_000_000 / part.length))
    for (const part of ['#', '?', '&state=', '%', 'a=1&']) parse(part.repeat(65_000 / part.length))
    expect(performance.now() - before).toBeLessThan(2_000)
  })
})
