import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CallbackError, isSalesforceAuthError, OAuthError, TransportError } from '../../src/errors/errors.ts'
import { safeLogger } from '../../src/errors/log.ts'
import type { LogEvent } from '../../src/errors/log.ts'
import { plainText, redact } from '../../src/errors/redact.ts'

const secrets = {
  'an access token': '00Dx0000000BV7z!AQ0AQDxqGhAbcdefghij.klmnop_qrst',
  'an access token in an address': '00Dx0000000BV7z%21AQ0AQDxqGhAbcdefghij.klmnop_qrst',
  'an access token in an address within an address': '00Dx0000000BV7z%2521AQ0AQDxqGhAbcdefghij.klmnop_qrst',
  'a refresh token': '5Aep861TSESvWeug_w8xAbcdefghijklmnop',
  'an authorization code': 'aPrxAbcdefghijklmnopqrstuvwxyz0123456789%3D%3D',
  'a JWT': 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl',
  'a sealed cookie': 'eyJhbGciOiJkaXIifQ..aaaabbbbccccdddd.c2VjcmV0.dGFndGFndGFndGFndGFndA',
  'a header': 'Bearer abcdefgh12345678',
  'a Basic header': 'Basic M01WRzk6c2VjcmV0',
  'a form member': 'client_secret=1955279925675241571',
  'a one-time password': 'otp=482913',
  'a session id': 'content_sid=PLANTEDsid',
  'a device code': 'device_code=PLANTEDdevice',
  'a password': 'newpassword=PLANTED%21',
  'a form within a form': 'initial_access_token%3DPLANTED',
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
    'inside=yes, adopt=yes, the scope refresh_token: missing, statuscode=400',
    '{"token_type":"Bearer","resident":"x","error":"invalid_grant","errorCode":"NOT_FOUND"}',
  ])('leaves %s', (text) => expect(redact(text)).toBe(text))

  it.each([
    ['{"access_token":"PLANTED","id":1}', '{"access_token":"[redacted]","id":1}'],
    ['{ "password" : "PLANTED \\"quoted\\", and more", "id": 1 }', '{ "password" : "[redacted]", "id": 1 }'],
    ["{ client_secret: 1, 'client_secret': 'PLANTED \"x\"' }", "{ client_secret: 1, 'client_secret': '[redacted]' }"],
    ['{"otp":482913}', '{"otp":[redacted]}'],
    ['{"otp":"482913"', '{"otp":"[redacted]"'],
    ['{"sid":"PLANTED, cut off', '{"sid":"[redacted]'],
    ['otp=482913&username=ada', 'otp=[redacted]&username=ada'],
  ])('of %s leaves all but the secret', (text, rest) => expect(redact(text)).toBe(rest))

  it('takes out whatever stands in the place of a secret', () => {
    const names =
      'access_token refresh_token id_token client_secret client_assertion assertion code_verifier device_code user_code password newpassword otp sid parent_sid lightning_sid csrf_token registration_access_token'
    const secret = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).map((text) => `PLANTED${text}PLANTED`)
    const around = fc.constantFrom('', ' ', '&', ';', ',', '{', '"', '_', '\n', 'x=1&')
    const forms: ((name: string, value: string) => string)[] = [
      (name, value) => new URLSearchParams({ [name]: value }).toString(),
      (name, value) => `${name}=${encodeURIComponent(value)}`,
      (name, value) => encodeURIComponent(`${name}=${encodeURIComponent(value)}`),
      (name, value) => JSON.stringify({ [name]: value }),
      (name, value) => JSON.stringify({ id: 1, [name]: value, error: 'x' }, undefined, 2),
      (name, value) => JSON.stringify({ body: JSON.stringify({ [name]: value }) }),
    ]
    const planted = fc.tuple(around, fc.constantFrom(...names.split(' ')), secret, fc.constantFrom(...forms), around)
    fc.assert(
      fc.property(fc.array(planted, { minLength: 1, maxLength: 4 }), (each) => {
        const text = each.map(([before, name, value, write, after]) => before + write(name, value) + after)
        expect(redact(text.join(' '))).not.toContain('PLANTED')
      }),
      { numRuns: 3_000 },
    )
  })

  it('is done with hostile text in no time', () => {
    const beginnings =
      'eyJ|eyJaaaaaaaaaa|Bearer |Bearer    |Bearer%20|-----BEGIN A|-----BEGIN A-----|-----END |00D|00Daaaaaaaaaaaa|5Aep|aPrx|aPrxaaaaaaaaaaaaaaaaaaaa%3D|token|token=|token"|token" |token":|token":"|token":"\\|token\\|sid|otp=|\\|"| '
    const before = performance.now()
    for (const beginning of beginnings.split('|')) {
      const text = beginning.repeat(200_000 / beginning.length)
      expect(redact(`${text} refresh_token=PLANTED`)).not.toContain('PLANTED')
    }
    expect(performance.now() - before).toBeLessThan(2_000)
  })
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
