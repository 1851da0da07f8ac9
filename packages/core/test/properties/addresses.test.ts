import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { safeReturnTo } from '../../src/auth/return-to.ts'
import { acceptCommunityUrl, acceptInstanceUrl, isMyDomain, parseLoginUrl } from '../../src/org/hosts.ts'
import type { LoginHost } from '../../src/org/hosts.ts'

const runs = { numRuns: 3_000 }
const origin = 'https://app.example.com'
const hostile = fc.constantFrom(
  '/',
  '\\',
  '//',
  '.',
  '..',
  '%2e',
  '%2F',
  '%5C',
  '@',
  ':',
  '?',
  '#',
  ';',
  '\t',
  '\n',
  '\r',
  '\0',
  ' ',
  '\u3002',
  '\uFF0F',
  '\u2028',
  'https:',
  'javascript:',
  'evil.example',
  'app.example.com',
  'a',
)
const path = fc.oneof(
  fc.array(hostile, { maxLength: 12 }).map((parts) => `/${parts.join('')}`),
  fc.array(hostile, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
)

/** How a browser may read a Location: it drops tabs and line ends, trims, and takes a backslash for a slash. */
const readings = (value: string): string[] => [
  value,
  value.replace(/[\t\n\r]/g, ''),
  value.replace(/^[\0-\x20]+/, ''),
  value.replaceAll('\\', '/'),
  value.replace(/[\0-\x20\x7f]/g, '').replaceAll('\\', '/'),
]

describe('a return address', () => {
  it('never leaves the origin, however a browser reads it', () => {
    fc.assert(
      fc.property(path, (value) => {
        const target = safeReturnTo(value, `${origin}/crm`, { avoid: ['/auth/login'] })
        expect(target).toMatch(/^\/(?!\/)[\x21-\x7e]*$/)
        for (const reading of readings(target))
          expect(new URL(reading, `${origin}/crm/auth/callback`).origin).toBe(origin)
        expect(new URL(target, origin).pathname).not.toBe('/auth/login')
      }),
      runs,
    )
  })

  it('is read the same a second time', () => {
    fc.assert(
      fc.property(path, (value) => {
        const once = safeReturnTo(value, origin, { avoid: [] })
        expect(once.length > 1_000 ? once : safeReturnTo(once, origin, { avoid: [] })).toBe(once)
      }),
      runs,
    )
  })
})

const suffix = fc.constantFrom(
  '.my.salesforce.com',
  '.my.site.com',
  '.force.com',
  '.salesforce.com',
  '.my.salesforce.mil',
  '.my.sfcrmproducts.cn',
  '.my-salesforce.com',
  '.lightning.force.com',
  '.evil.example',
  '.localhost',
  '',
)
const label = fc.constantFrom(
  'acme',
  'login',
  'test',
  'localhost',
  '127.0.0.1',
  '2130706433',
  '0x7f.1',
  '[::1]',
  '[::ffff:127.0.0.1]',
  'xn--cme-7cd',
  'аcme',
  'evil.example',
  'a.b',
  '-',
  '.',
  '',
  'acme.sandbox',
  'lightning',
  '169.254.169.254',
)
const address = fc.oneof(
  fc
    .record({
      scheme: fc.constantFrom('https://', 'http://', 'https:/', '//', '', 'ftp://', 'HTTPS://', 'https:\\\\'),
      user: fc.constantFrom('', '', '', 'u@', 'u:p@', 'acme.my.salesforce.com@', '@'),
      label,
      suffix,
      end: fc.constantFrom(
        '',
        '',
        '/',
        '.',
        ':443',
        ':8443',
        '/path',
        '?q',
        '#f',
        '\\@evil.example',
        '/@evil.example',
        '%00',
        '\t',
        '.evil.example',
      ),
    })
    .map(({ scheme, user, label: name, suffix: domain, end }) => scheme + user + name + domain + end),
  fc.webUrl(),
  fc.string(),
)
const salesforce =
  /^(?:(?:login|test)\.salesforce\.com|[a-z0-9-]+(?:\.[a-z]+)?\.(?:my\.salesforce\.com|my\.salesforce\.mil|my\.sfcrmproducts\.cn|my-salesforce\.com|my\.site\.com|force\.com))$/
const loopback = /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\]|\[::ffff:7f.*\]|0\.0\.0\.0)$/

function unsound(value: string, { kind, base, origin: at }: LoginHost, local: boolean): boolean {
  const url = new URL(base)
  if (url.origin !== at || new URL(value).origin !== at) return true
  if (url.username + url.password + url.search + url.hash !== '') return true
  if (kind === 'local') return !local || !loopback.test(url.hostname)
  return url.protocol !== 'https:' || url.port !== '' || !salesforce.test(url.hostname)
}

describe('a login URL', () => {
  it.each([true, false])('is accepted on the known patterns only; local: %s', (local) => {
    fc.assert(
      fc.property(address, (value) => {
        const host = parseLoginUrl(value, { trustedHosts: ['sso.example.com'], local })
        expect('kind' in host ? unsound(value, host, local) : !/\w{4}/.test(host.hint)).toBe(false)
      }),
      runs,
    )
  })

  it('of a visitor is a My Domain, and one that an operator could write as well', () => {
    fc.assert(
      fc.property(address, (value) => {
        if (!isMyDomain(value)) return
        expect(parseLoginUrl(value, { trustedHosts: [], local: false })).toMatchObject({ kind: 'my-domain' })
      }),
      runs,
    )
  })
})

const publicLogins: LoginHost[] = [
  { kind: 'public', base: 'https://login.salesforce.com', origin: 'https://login.salesforce.com' },
  { kind: 'my-domain', base: 'https://acme.my.salesforce.com', origin: 'https://acme.my.salesforce.com' },
  { kind: 'site', base: 'https://acme.my.site.com/p', origin: 'https://acme.my.site.com' },
  { kind: 'trusted', base: 'https://sso.example.com', origin: 'https://sso.example.com' },
]
const trusted = ['sso.example.com', 'localhost', '127.0.0.1', 'a.localhost:8443', '[::1]']

describe('a token answer', () => {
  it('never leads from a public login to this machine, to plain http or to a stranger', () => {
    fc.assert(
      fc.property(address, fc.constantFrom(...publicLogins), (value, login) => {
        const origins = [acceptInstanceUrl(value, login, trusted), acceptCommunityUrl(value, login, trusted)?.origin]
        for (const target of origins.filter((each) => each !== undefined)) {
          const { protocol, hostname } = new URL(target)
          expect(protocol).toBe('https:')
          expect(hostname).not.toMatch(loopback)
          expect(hostname).toMatch(
            /(?:^|\.)(?:salesforce\.com|salesforce\.mil|sfcrmproducts\.cn|my-salesforce\.com|sso\.example\.com|acme\.my\.site\.com)$/,
          )
        }
      }),
      runs,
    )
  })

  it('never leads from a local login away from this machine', () => {
    const login: LoginHost = { kind: 'local', base: 'http://localhost:8080', origin: 'http://localhost:8080' }
    fc.assert(
      fc.property(address, (value) => {
        const target = acceptInstanceUrl(value, login, ['sso.example.com'])
        expect(new URL(target ?? login.base).hostname).toMatch(loopback)
      }),
      runs,
    )
  })
})
