import { describe, expect, it } from 'vitest'
import { isDue, withExpiry } from '../../src/connection/expiry.ts'
import type { ExpiryPolicy } from '../../src/connection/expiry.ts'
import type { TokenSet } from '../../src/oauth/token-set.ts'

const now = 1_800_000_000_000
const tokens: TokenSet = {
  accessToken: 'x',
  tokenType: 'Bearer',
  instanceUrl: 'https://a.my.salesforce.com',
  expirySource: 'unknown',
}
const introspect = (answer: number | undefined): ExpiryPolicy => ({ introspect: async () => answer })
const failing: ExpiryPolicy = { introspect: () => Promise.reject(new Error('down')) }

describe('the end of a token is taken from', () => {
  it.each<[what: string, policy: ExpiryPolicy, expected: object]>([
    ['introspection', introspect(now + 5), { expiresAt: now + 5, expirySource: 'introspection' }],
    [
      'introspection before the configured timeout',
      { ...introspect(now + 5), sessionTimeout: 9 },
      { expiresAt: now + 5, expirySource: 'introspection' },
    ],
    ['the configured timeout', { sessionTimeout: 9_000 }, { expiresAt: now + 9_000, expirySource: 'session-timeout' }],
    [
      'the configured timeout when introspection does not know',
      { ...introspect(undefined), sessionTimeout: 9_000 },
      { expirySource: 'session-timeout' },
    ],
    [
      'the configured timeout when introspection fails',
      { ...failing, sessionTimeout: 9_000 },
      { expirySource: 'session-timeout' },
    ],
    [
      'the configured timeout when introspection names a time that is over',
      { ...introspect(now - 1), sessionTimeout: 9_000 },
      { expirySource: 'session-timeout' },
    ],
    ['nothing', {}, { expirySource: 'unknown' }],
    ['nothing when introspection fails', failing, { expirySource: 'unknown' }],
    ['nothing when introspection names a time that is over', introspect(now - 1), { expirySource: 'unknown' }],
  ])('%s', async (_what, policy, expected) => {
    expect(await withExpiry(tokens, policy, now)).toMatchObject(expected)
  })

  it('the answer itself, without asking', async () => {
    const answered = { ...tokens, expiresAt: now + 7, expirySource: 'answer' as const }
    const policy: ExpiryPolicy = { introspect: () => Promise.reject(new Error('asked')), sessionTimeout: 5 }
    expect(await withExpiry(answered, policy, now)).toBe(answered)
  })
})

describe('a token is due for renewal', () => {
  const hour = 3_600_000
  it.each([
    ['never when its end is unknown', {}, false],
    ['not with half its life left', { issuedAt: now - hour, expiresAt: now + hour }, false],
    ['not with 61 seconds left', { issuedAt: now - hour, expiresAt: now + 61_000 }, false],
    ['with 60 seconds left', { issuedAt: now - hour, expiresAt: now + 60_000 }, true],
    ['when it is over', { issuedAt: now - hour, expiresAt: now - 1 }, true],
    ['in the last minute when nobody knows when it began', { expiresAt: now + 60_000 }, true],
    ['not at once when it lives for a minute', { issuedAt: now, expiresAt: now + 60_000 }, false],
    ['in the last tenth of a life of a minute', { issuedAt: now - 54_000, expiresAt: now + 6_000 }, true],
    ['at its end when its beginning lies behind its end', { issuedAt: now + hour, expiresAt: now + 1 }, false],
  ])('%s', (_what, times, due) => {
    expect(isDue(times, now)).toBe(due)
  })
})
