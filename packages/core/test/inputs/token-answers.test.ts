import { describe, expect, it } from 'vitest'
import { TokenError } from '../../src/errors/errors.ts'
import { decodeTokenSet } from '../../src/oauth/token-set.ts'
import type { TokenSet } from '../../src/oauth/token-set.ts'
import { parseLoginUrl } from '../../src/org/hosts.ts'

const now = 1_800_000_000_000
const good = {
  access_token: '00Dx0000000BV7z!AQ0AQDxqGh.PLANTED_access_9f8e7d',
  refresh_token: '5Aep861TSESvWeug_w8x.PLANTED_refresh_1a2b3c4d',
  signature: 'mU0fYmtxE0irVVi6ZEBTgRlbAdhow2e6pEPnnUyElI8=',
  scope: 'refresh_token api openid',
  instance_url: 'https://acme.my.salesforce.com',
  id: 'https://login.salesforce.com/id/00Dx0000000BV7zEAG/005x00000012Q9PAAU',
  token_type: 'Bearer',
  issued_at: '1278448832702',
}

function decode(change: object, loginUrl = 'https://login.salesforce.com'): TokenSet {
  const login = parseLoginUrl(loginUrl, { trustedHosts: [], local: true })
  if (!('kind' in login)) throw new Error(login.problem)
  return decodeTokenSet({ ...good, ...change }, { login, trustedHosts: ['crm.example.com'], now })
}

function jwt(claims: unknown): string {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${encode({ alg: 'RS256' })}.${encode(claims)}.c2ln`
}

describe('a token answer that cannot be used', () => {
  it.each<[what: string, change: object, code: string, says: RegExp]>([
    ['access_token missing', { access_token: undefined }, 'token/malformed-answer', /access_token is missing/],
    ['access_token null', { access_token: null }, 'token/malformed-answer', /access_token is missing/],
    ['access_token empty', { access_token: '' }, 'token/malformed-answer', /access_token is missing/],
    ['access_token a number', { access_token: 5 }, 'token/malformed-answer', /access_token is not a text/],
    ['access_token a list', { access_token: ['x'] }, 'token/malformed-answer', /access_token is not a text/],
    ['access_token with a line end', { access_token: 'a\r\nx: y' }, 'token/malformed-answer', /no header can carry/],
    ['access_token with a space', { access_token: 'a b' }, 'token/malformed-answer', /no header can carry/],
    ['access_token beyond ASCII', { access_token: 'ａ' }, 'token/malformed-answer', /no header can carry/],
    ['refresh_token an object', { refresh_token: {} }, 'token/malformed-answer', /refresh_token is not a text/],
    ['id_token true', { id_token: true }, 'token/malformed-answer', /id_token is not a text/],
    ['id a number', { id: 5 }, 'token/malformed-answer', /id is not a text/],
    [
      'id without a user',
      { id: 'https://login.salesforce.com/id/00Dx0000000BV7zEAG' },
      'token/malformed-answer',
      /id is not an identity URL/,
    ],
    [
      'id with a wrong checksum',
      { id: good.id.replace('EAG', 'EAH') },
      'token/malformed-answer',
      /id is not an identity URL/,
    ],
    ['scope a list', { scope: ['api'] }, 'token/malformed-answer', /scope is not a text/],
    ['token_type mac', { token_type: 'mac' }, 'token/malformed-answer', /neither Bearer nor DPoP/],
    [
      'issued_at an ISO date',
      { issued_at: '2026-01-01T00:00:00Z' },
      'token/malformed-answer',
      /issued_at is not a time/,
    ],
    ['issued_at NaN', { issued_at: 'NaN' }, 'token/malformed-answer', /issued_at is not a time/],
    ['issued_at negative', { issued_at: '-1278448832702' }, 'token/malformed-answer', /issued_at is not a time/],
    ['issued_at a fraction', { issued_at: 1278448832702.5 }, 'token/malformed-answer', /issued_at is not a time/],
    ['issued_at enormous', { issued_at: 1e30 }, 'token/malformed-answer', /issued_at is not a time/],
    ['issued_at an object', { issued_at: {} }, 'token/malformed-answer', /issued_at is not a time/],
    ['signature without issued_at', { issued_at: undefined }, 'token/malformed-answer', /signature/],
    ['signature without id', { id: undefined }, 'token/malformed-answer', /signature/],
    ['instance_url missing', { instance_url: undefined }, 'token/malformed-answer', /instance_url is missing/],
    ['instance_url a number', { instance_url: 1 }, 'token/malformed-answer', /instance_url is not a text/],
    ['instance_url of a stranger', { instance_url: 'https://evil.example' }, 'token/foreign-instance', /instance_url/],
    [
      'instance_url on http',
      { instance_url: 'http://acme.my.salesforce.com' },
      'token/foreign-instance',
      /instance_url/,
    ],
    ['instance_url on this machine', { instance_url: 'http://127.0.0.1:80' }, 'token/foreign-instance', /instance_url/],
    ['instance_url no address', { instance_url: 'acme' }, 'token/foreign-instance', /instance_url/],
    ['sfdc_community_url a list', { sfdc_community_url: [] }, 'token/malformed-answer', /sfdc_community_url/],
    ['api_instance_url a number', { api_instance_url: 4 }, 'token/malformed-answer', /api_instance_url/],
  ])('%s', (...[_what, change, code, says]) => {
    const failure = attempt(() => decode(change))
    expect(failure).toBeInstanceOf(TokenError)
    expect(failure).toMatchObject({ code, message: expect.stringMatching(says), hint: expect.stringMatching(/\w{4}/) })
    expect(JSON.stringify(failure) + String(failure)).not.toMatch(/PLANTED/)
  })

  it('of a local simulator does not send its token to Salesforce', () => {
    expect(attempt(() => decode({}, 'http://localhost:8080'))).toMatchObject({ code: 'token/foreign-instance' })
  })
})

describe('a token answer with oddities that do no harm', () => {
  it.each<[what: string, change: object, expected: object]>([
    ['token_type missing', { token_type: undefined }, { tokenType: 'Bearer' }],
    ['token_type in capitals', { token_type: 'BEARER' }, { tokenType: 'Bearer' }],
    ['token_type DPoP', { token_type: 'DPoP' }, { tokenType: 'DPoP' }],
    [
      'issued_at a number',
      { issued_at: 1278448832702 },
      { issuedAt: 1278448832702, signature: { value: good.signature, issuedAt: '1278448832702' } },
    ],
    [
      'a slash after instance_url',
      { instance_url: 'https://acme.my.salesforce.com/' },
      { instanceUrl: 'https://acme.my.salesforce.com' },
    ],
    ['a trusted instance_url', { instance_url: 'https://crm.example.com' }, { instanceUrl: 'https://crm.example.com' }],
    ['spaces in scope', { scope: '  api   openid ' }, { scope: ['api', 'openid'] }],
    ['expires_in as a number', { expires_in: 7200 }, { expiresAt: now + 7_200_000, expirySource: 'answer' }],
    ['expires_in as a text', { expires_in: '7200' }, { expiresAt: now + 7_200_000, expirySource: 'answer' }],
    [
      'a JWT access token',
      { access_token: jwt({ exp: now / 1000 + 60 }) },
      { expiresAt: now + 60_000, expirySource: 'jwt' },
    ],
    [
      'the announced API host',
      { api_instance_url: 'https://api.salesforce.com' },
      { apiInstanceUrl: 'https://api.salesforce.com' },
    ],
    [
      'a test API host',
      { api_instance_url: 'https://test.api.salesforce.com/' },
      { apiInstanceUrl: 'https://test.api.salesforce.com' },
    ],
  ])('%s', (_what, change, expected) => {
    expect(decode(change)).toMatchObject(expected)
  })

  it.each<[what: string, change: object]>([
    ['expires_in 0', { expires_in: 0 }],
    ['expires_in "0"', { expires_in: '0' }],
    ['expires_in negative', { expires_in: -5 }],
    ['expires_in a blank', { expires_in: ' ' }],
    ['expires_in NaN', { expires_in: 'NaN' }],
    ['expires_in endless', { expires_in: 1e308 }],
    ['expires_in an object', { expires_in: {} }],
    ['a JWT that is over already: the clocks differ', { access_token: jwt({ exp: now / 1000 - 5 }) }],
    ['a JWT with an endless exp', { access_token: jwt({ exp: 1e306 }) }],
    ['a JWT with exp as a text', { access_token: jwt({ exp: '1800000060' }) }],
    ['a JWT whose claims are no object', { access_token: jwt(null) }],
    ['a JWT that is none', { access_token: 'a.%%%.c' }],
  ])('%s: the end is unknown, so that no call renews in vain', (_what, change) => {
    const tokens = decode(change)
    expect(tokens.expirySource).toBe('unknown')
    expect(tokens).not.toHaveProperty('expiresAt')
  })

  it.each([
    'https://evil.example',
    'http://api.salesforce.com',
    'https://api.salesforce.com.evil.example',
    'https://evilapi.salesforce.com@evil.example',
    'https://apiXsalesforce.com',
  ])('the token does not go to the API host %s', (url) => {
    expect(decode({ api_instance_url: url })).not.toHaveProperty('apiInstanceUrl')
  })

  it('the token of a login on this machine goes to no API host elsewhere', () => {
    const answer = { api_instance_url: 'https://api.salesforce.com', instance_url: 'http://localhost:8080' }
    expect(decode(answer, 'http://localhost:8080')).not.toHaveProperty('apiInstanceUrl')
  })

  it.each(['https://evil.example', 'not an address', 'https://acme.my.site.com'])(
    'the community %s is not followed',
    (url) => {
      expect(decode({ sfdc_community_url: url })).not.toHaveProperty('community')
    },
  )
})

function attempt(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('It was accepted')
}
