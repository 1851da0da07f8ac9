import { expect, test } from 'vitest'
import { createClock } from '../src/index.ts'
import { createCookieJar } from '../src/cookie-jar.ts'
import type { SameSite } from '../src/cookie-jar.ts'

const shop = new URL('https://shop.example.com/a/b')
const sent = (lines: string[], to: string, { at = shop, reach = 'strict' as SameSite } = {}): string => {
  const jar = createCookieJar(Date.now)
  for (const line of lines) jar.store(line, at)
  return jar
    .matching(new URL(to), reach)
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')
}

test.for<[string, string, string, string]>([
  ['host-only goes back to its host', 'c=1; Path=/', 'https://shop.example.com/', 'c=1'],
  ['host-only stays away from a subdomain', 'c=1; Path=/', 'https://x.shop.example.com/', ''],
  ['host-only stays away from a sibling', 'c=1; Path=/', 'https://pay.example.com/', ''],
  ['Domain reaches every subdomain', 'c=1; Path=/; Domain=example.com', 'https://pay.example.com/', 'c=1'],
  ['Domain ignores a leading dot', 'c=1; Path=/; Domain=.Example.com', 'https://example.com/', 'c=1'],
  [
    'Domain stays away from a name that only ends alike',
    'c=1; Path=/; Domain=example.com',
    'https://badexample.com/',
    '',
  ],
  ['a foreign Domain is refused', 'c=1; Path=/; Domain=other.com', 'https://other.com/', ''],
  ['a subdomain as Domain is refused', 'c=1; Path=/; Domain=x.shop.example.com', 'https://x.shop.example.com/', ''],
  ['a public suffix as Domain is refused', 'c=1; Path=/; Domain=com', 'https://shop.example.com/', ''],
  ['the port does not count', 'c=1; Path=/', 'https://shop.example.com:8443/', 'c=1'],
  ['Path covers what is below it', 'c=1; Path=/a', 'https://shop.example.com/a/x', 'c=1'],
  ['Path covers itself', 'c=1; Path=/a', 'https://shop.example.com/a', 'c=1'],
  ['Path is no mere string prefix', 'c=1; Path=/a', 'https://shop.example.com/ab', ''],
  ['the default path is the directory of the request', 'c=1', 'https://shop.example.com/a/z', 'c=1'],
  ['the default path excludes what is above', 'c=1', 'https://shop.example.com/', ''],
  ['Secure stays away from plain http', 'c=1; Path=/; Secure', 'http://shop.example.com/', ''],
  ['without Secure plain http gets it', 'c=1; Path=/', 'http://shop.example.com/', 'c=1'],
  ['HttpOnly goes with navigations', 'c=1; Path=/; HttpOnly', 'https://shop.example.com/', 'c=1'],
  ['SameSite=None without Secure is refused', 'c=1; Path=/; SameSite=None', 'https://shop.example.com/', ''],
  ['__Host- is kept', '__Host-c=1; Path=/; Secure', 'https://shop.example.com/', '__Host-c=1'],
  ['__Host- without Secure is refused', '__Host-c=1; Path=/', 'https://shop.example.com/', ''],
  [
    '__Host- with Domain is refused',
    '__Host-c=1; Path=/; Secure; Domain=shop.example.com',
    'https://shop.example.com/',
    '',
  ],
  ['__Host- with another path is refused', '__Host-c=1; Path=/a; Secure', 'https://shop.example.com/a', ''],
  ['__host- in other letters is no way round', '__HOST-c=1; Path=/a; Secure', 'https://shop.example.com/a', ''],
  ['__Secure- without Secure is refused', '__Secure-c=1; Path=/', 'https://shop.example.com/', ''],
  [
    'a pair of 4096 characters is kept',
    `c=${'x'.repeat(4095)}; Path=/`,
    'https://shop.example.com/',
    `c=${'x'.repeat(4095)}`,
  ],
  ['a longer pair is refused', `c=${'x'.repeat(4096)}; Path=/`, 'https://shop.example.com/', ''],
  ['a line without a name is refused', '=1; Path=/', 'https://shop.example.com/', ''],
])('%s', ([, line, to, expected]) => {
  expect(sent([line], to)).toBe(expected)
})

test.each<[string, SameSite, string]>([
  ['strict', 'strict', 'none=1; lax=1; strict=1; silent=1'],
  ['lax', 'lax', 'none=1; lax=1; silent=1'],
  ['none', 'none', 'none=1'],
])('a request of reach %s carries what may travel with it, silence meaning Lax', (_, reach, expected) => {
  const lines = ['none=1; SameSite=None; Secure', 'lax=1; SameSite=Lax', 'strict=1; SameSite=Strict', 'silent=1']
  expect(sent(lines, shop.href, { reach })).toBe(expected)
})

test.each(['http://localhost:3000/', 'http://app.localhost/', 'http://127.0.0.1/', 'http://[::1]:1/'])(
  'Secure and __Host- cookies live on %s',
  (url) => {
    expect(sent(['__Host-c=1; Path=/; Secure'], url, { at: new URL(url) })).toBe('__Host-c=1')
  },
)

test('Secure is refused from plain http elsewhere, and a secure cookie is not overwritten from there', () => {
  const jar = createCookieJar(Date.now)
  const plain = new URL('http://shop.example.com/')
  expect(jar.store('c=1; Secure', plain)).toBe(false)
  expect(jar.store('c=1; Secure; Path=/', shop)).toBe(true)
  expect(jar.store('c=evil; Path=/; Domain=example.com', plain)).toBe(false)
  expect(jar.matching(shop, 'strict').map(({ value }) => value)).toEqual(['1'])
})

test('a secure cookie for one path does not keep plain http from setting another', () => {
  const jar = createCookieJar(Date.now)
  expect(jar.store('c=1; Secure; Path=/deep', shop)).toBe(true)
  expect(jar.store('c=2; Path=/', new URL('http://shop.example.com/'))).toBe(true)
})

test('a public suffix that is the host itself, and an address, are stored for the host alone', () => {
  expect(sent(['c=1; Domain=localhost; Path=/'], 'http://localhost/', { at: new URL('http://localhost/') })).toBe('c=1')
  expect(sent(['c=1; Domain=localhost; Path=/'], 'http://a.localhost/', { at: new URL('http://localhost/') })).toBe('')
  expect(sent(['c=1; Domain=127.0.0.1; Path=/'], 'http://127.0.0.1/', { at: new URL('http://127.0.0.1/') })).toBe('c=1')
})

test('Max-Age runs by the given clock, is not prolonged by reading, and wins over Expires', () => {
  const clock = createClock()
  const jar = createCookieJar(clock.now)
  jar.store('c=1; Max-Age=10; Expires=Wed, 21 Oct 2015 07:28:00 GMT; Path=/', shop)
  clock.advance(9_999)
  expect(jar.matching(shop, 'strict')).toHaveLength(1)
  clock.advance(1)
  expect(jar.matching(shop, 'strict')).toHaveLength(0)
  expect(jar.all()).toEqual([])
})

test('Expires runs by the given clock', () => {
  const clock = createClock(Date.UTC(2030, 0, 1))
  const jar = createCookieJar(clock.now)
  expect(jar.store('c=1; Expires=Tue, 01 Jan 2030 00:00:05 GMT', shop)).toBe(true)
  expect(jar.all()).toHaveLength(1)
  clock.advance(5_000)
  expect(jar.all()).toEqual([])
})

test.each(['c=; Max-Age=0; Path=/', 'c=; Max-Age=-1; Path=/', 'c=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'])(
  '"%s" deletes',
  (line) => {
    expect(sent(['c=1; Path=/', line], shop.href)).toBe('')
  },
)

test('a deletion for another path or domain deletes nothing', () => {
  expect(sent(['c=1; Path=/', 'c=; Max-Age=0; Path=/a'], shop.href)).toBe('c=1')
  expect(sent(['c=1; Path=/', 'c=; Max-Age=0; Path=/; Domain=example.com'], shop.href)).toBe('c=1')
})

test('the longest path stands first, then the oldest; an overwritten cookie keeps its age', () => {
  const clock = createClock()
  const jar = createCookieJar(clock.now)
  for (const line of ['old=1; Path=/', 'new=1; Path=/', 'deep=1; Path=/a', 'old=2; Path=/']) {
    jar.store(line, shop)
    clock.advance(1)
  }
  expect(jar.matching(shop, 'strict').map(({ name, value }) => name + value)).toEqual(['deep1', 'old2', 'new1'])
})
