import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { CallbackError, isSalesforceAuthError, OAuthError, TransportError } from '../../src/errors/errors.ts'
import { safeLogger } from '../../src/errors/log.ts'
import type { LogEvent } from '../../src/errors/log.ts'
import { plainText, redact } from '../../src/errors/redact.ts'

const secrets = {
  'an access token': '00Dx0000000BV7z!AQ0AQDxqGhAbcdefghij.klmnop_qrst',
  'a refresh token': '5Aep861TSESvWeug_w8xAbcdefghijklmnop',
  'an authorization code': 'aPrxAbcdefghijklmnopqrstuvwxyz0123456789%3D%3D',
  'a JWT': 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl',
  'a sealed cookie': 'eyJhbGciOiJkaXIifQ..aaaabbbbccccdddd.c2VjcmV0.dGFndGFndGFndGFndGFndA',
  'a header': 'Bearer abcdefgh12345678',
  'a Basic header': 'Basic M01WRzk6c2VjcmV0',
  'a form member': 'client_secret=1955279925675241571',
  'a verifier': 'code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  'a PEM': '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----',
  'a cut PEM': '-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBg',
}
const named = Object.entries(secrets)

describe('redact', () => {
  it.each(named)('takes out %s', (_what, secret) => {
    const text = redact(`before ${secret} after`)
    expect(text).toMatch(/^before .*\[redacted\]/)
    expect(text).not.toContain(secret)
    expect(text).not.toContain('MIIEvQ')
  })

  it.each([
    'https://acme.my.salesforce.com/id/00Dx0000000BV7zEAG',
    'invalid_grant: expired access/refresh token',
    'Bearer',
  ])('leaves %s', (text) => expect(redact(text)).toBe(text))
})

describe('plainText', () => {
  it.each([
    ['<script>alert("1")</script>', '‹script›alert(”1”)‹/script›'],
    ['one\r\ntwo\u0000three\u202Efour', 'one two three four'],
    ['&lt;b&gt;', '+lt;b+gt;'],
    ['x'.repeat(5_000), 'x'.repeat(300)],
  ])('%j', (text, plain) => expect(plainText(text)).toBe(plain))

  it('takes a secret out before it cuts', () => {
    expect(plainText(`${'x'.repeat(290)} ${secrets['an access token']}`)).not.toContain('00D')
  })
})

describe('errors hold no secret', () => {
  it.each(named)('%s in a message, a hint or a cause', (_what, secret) => {
    const deepest = Object.assign(new Error(`deep ${secret}`), { config: { data: secret }, code: 'ECONNRESET' })
    const cause = new TypeError(`outer ${secret}`, { cause: deepest })
    const error = new TransportError('net/connection-lost', `It broke: ${secret}`, {
      sent: true,
      hint: `Try ${secret}`,
      cause,
    })
    const all = [
      inspect(error, { depth: 10, showHidden: true }),
      JSON.stringify(error),
      String(error.cause),
      error.stack,
    ]
    expect(all.join('\n')).not.toContain(secret)
    expect(all.join('\n')).not.toContain('MIIEvQ')
  })

  it('keeps of a cause what tells what happened', () => {
    const deepest = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' })
    const error = new TransportError('net/unreachable', 'x', {
      sent: false,
      cause: new TypeError('fetch failed', { cause: deepest }),
    })
    expect(error.cause).toMatchObject({
      name: 'TypeError',
      message: 'fetch failed',
      cause: { name: 'Error', message: 'read ECONNRESET', code: 'ECONNRESET' },
    })
    expect((error.cause as Error).stack).toContain('redact.test.ts')
  })

  it('leaves causes of its own kind as they are', () => {
    const cause = new OAuthError({ error: 'invalid_grant', description: undefined })
    expect(new TransportError('net/unreachable', 'x', { sent: false, cause }).cause).toBe(cause)
  })

  it.each([['text Bearer abcdefgh12345678'], [{ token: '5Aep861TSESvWeug_w8xAbcdefghijklmnop' }], [null], [7]])(
    'a cause that is no error, %j, is left out',
    (cause) => {
      const error = new TransportError('net/unreachable', 'x', { sent: false, cause })
      expect(inspect(error, { depth: 10 })).not.toMatch(/abcdefgh12345678|5Aep/)
    },
  )

  it('passes on what the host itself threw', () => {
    const cause = Object.assign(new Error('not on the list'), { reason: { list: 'beta' } })
    expect(new CallbackError('callback/login-refused', 'x', { cause }).cause).toBe(cause)
  })

  it('survives causes that go round in circles', () => {
    const cause = new Error('round')
    cause.cause = cause
    expect(() =>
      inspect(new TransportError('net/unreachable', 'x', { sent: false, cause }), { depth: 10 }),
    ).not.toThrow()
  })
})

describe('isSalesforceAuthError', () => {
  it.each([[undefined], [null], ['x'], [5], [new Error('x')], [{}], [Object.create(null)]])('%s is none', (value) => {
    expect(isSalesforceAuthError(value)).toBe(false)
  })
})

describe('safeLogger', () => {
  const event: LogEvent = {
    level: 'warn',
    event: 'x',
    message: `It was ${secrets['a refresh token']}`,
    detail: secrets['a JWT'],
    n: 1,
  }

  it('redacts every text of an event and leaves the rest', () => {
    const seen: LogEvent[] = []
    safeLogger((each) => seen.push(each))(event)
    expect(seen).toEqual([{ level: 'warn', event: 'x', message: 'It was [redacted]', detail: '[redacted]', n: 1 }])
  })

  it('outlives a logger that throws', () => {
    const log = safeLogger(() => {
      throw new Error('disk full')
    })
    expect(() => log(event)).not.toThrow()
  })

  it('outlives a logger that fails later', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    safeLogger(() => Promise.reject(new Error('disk full')))(event)
    await new Promise((resolve) => setTimeout(resolve, 20))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })
})
