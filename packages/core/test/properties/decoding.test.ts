import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CallbackError, isSalesforceAuthError, RequestError, TokenError } from '../../src/errors/errors.ts'
import { readForm } from '../../src/http/form.ts'
import { decodeTokenSet } from '../../src/oauth/token-set.ts'
import type { LoginHost } from '../../src/org/hosts.ts'
import { parseIdentityUrl, toId18 } from '../../src/org/ids.ts'
import { cookieHeader, createApp, startLogin, visit } from '../inputs/scripted-salesforce.ts'

const login: LoginHost = {
  kind: 'public',
  base: 'https://login.salesforce.com',
  origin: 'https://login.salesforce.com',
}
const FORM = 'application/x-www-form-urlencoded'
const now = 1_800_000_000_000
const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    '',
    '0',
    '-1',
    'NaN',
    '1e999',
    '1800000000000',
    'https://acme.my.salesforce.com',
    'https://evil.example',
    'eyJh.e30.x',
    'a.bnVsbA.c',
    '\0',
    'Bearer',
  ),
  fc.double(),
)
const members = [
  'access_token',
  'refresh_token',
  'id_token',
  'instance_url',
  'id',
  'scope',
  'issued_at',
  'signature',
  'expires_in',
  'token_type',
  'token_format',
  'api_instance_url',
  'sfdc_community_url',
  'sfdc_site_url',
]
const good = {
  access_token: '00D!x',
  instance_url: 'https://acme.my.salesforce.com',
  id: 'https://login.salesforce.com/id/00Dx0000000BV7zEAG/005x00000012Q9PAAU',
  issued_at: '1278448832702',
}
const answer = fc
  .dictionary(fc.constantFrom(...members), odd, { maxKeys: 4 })
  .map((change): Record<string, unknown> => ({ ...good, ...change }))

describe('a token answer of any content', () => {
  it('is decoded soundly or refused with a TokenError', () => {
    fc.assert(
      fc.property(answer, (each) => {
        try {
          const tokens = decodeTokenSet(each, { login, trustedHosts: [], now })
          expect(tokens.accessToken).toMatch(/^[\x21-\x7e]+$/)
          expect(tokens.instanceUrl).toMatch(/^https:\/\/[a-z0-9.-]+salesforce\.com$/)
          expect(tokens.expiresAt === undefined || (tokens.expiresAt > now && Number.isFinite(tokens.expiresAt))).toBe(
            true,
          )
          expect(tokens.issuedAt === undefined || Number.isSafeInteger(tokens.issuedAt)).toBe(true)
        } catch (error) {
          if (!(error instanceof TokenError)) throw error
        }
      }),
      { numRuns: 5_000 },
    )
  })
})

describe('ids of any content', () => {
  it('are widened once and for all, or refused', () => {
    const id = fc.string({ unit: fc.constantFrom(...Array.from('ABCDxyz0123é-')), minLength: 14, maxLength: 19 })
    fc.assert(
      fc.property(id, (each) => {
        const id18 = toId18(each)
        if (id18 === undefined) return
        expect(id18).toMatch(/^[A-Za-z0-9]{15}[A-Z0-5]{3}$/)
        expect(toId18(id18)).toBe(id18)
        expect(toId18(id18.slice(0, 15))).toBe(id18)
      }),
      { numRuns: 5_000 },
    )
    fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl()), (each) => void parseIdentityUrl(each)))
  })
})

describe('a form of any content', () => {
  it('is read, or refused with a RequestError', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 30_000, size: 'max' }), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(chunks, async (parts) => {
        const size = parts.reduce((sum, part) => sum + part.byteLength, 0)
        const stream = (async function* () {
          yield* parts
        })()
        const read: unknown = await readForm(stream, FORM).catch((error: unknown) => error)
        expect(size > 64 * 1024 ? read instanceof RequestError : read instanceof URLSearchParams).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  it('is read the same however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' })), fc.nat(200), async (form, at) => {
        const bytes = new TextEncoder().encode(new URLSearchParams(form).toString().replaceAll('%', '%'))
        const stream = (async function* () {
          yield bytes.subarray(0, at)
          yield bytes.subarray(at)
        })()
        expect(Object.fromEntries(await readForm(stream, FORM))).toEqual(form)
      }),
      { numRuns: 200 },
    )
  })
})

describe('a callback of any content', () => {
  const word = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('access_denied', 'invalid_grant', 'x', ''))
  const query = fc.dictionary(
    fc.constantFrom('error', 'error_description', 'sfdc_community_url', 'sfdc_site_url', 'state', 'x'),
    word,
    { maxKeys: 4 },
  )
  const headers = fc.dictionary(
    fc.constantFrom('host', 'x-forwarded-host', 'x-forwarded-proto', 'sec-fetch-dest', 'cookie'),
    word,
  )

  it('without a login is refused with a CallbackError whose words are harmless', async () => {
    const app = createApp()
    await fc.assert(
      fc.asyncProperty(query, headers, async (parameters, sent) => {
        const target = `/auth/callback?${new URLSearchParams(parameters).toString()}`
        const failure: unknown = await app
          .open(visit(target, { headers: sent }))
          .handle()
          .catch((error: unknown) => error)
        expect(failure).toBeInstanceOf(CallbackError)
        expect(String(failure)).not.toMatch(/[<>\p{Cc}]/u)
      }),
      { numRuns: 500 },
    )
  })

  it('with a login is refused with an error of ours whose words are harmless', async () => {
    const app = createApp()
    await fc.assert(
      fc.asyncProperty(query, async (parameters) => {
        const { state, browser } = await startLogin(app)
        const target = `/auth/callback?${new URLSearchParams({ error: 'x', ...parameters, state }).toString()}`
        const exchange = visit(target, { headers: { cookie: cookieHeader(browser) } })
        const failure: unknown = await app
          .open(exchange)
          .handle()
          .catch((error: unknown) => error)
        expect(isSalesforceAuthError(failure)).toBe(true)
        expect(String(failure)).not.toMatch(/[<>\p{Cc}]/u)
      }),
      { numRuns: 200 },
    )
  })
})
