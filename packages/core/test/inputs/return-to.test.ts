import { describe, expect, it } from 'vitest'
import { safeReturnTo } from '../../src/auth/return-to.ts'

const base = 'https://app.example.com/crm'
const avoid = ['/auth/login', '/crm/auth/login', '/auth/callback']
const back = (value: unknown): string => safeReturnTo(value, base, { avoid, fallback: '/home' })

describe('a path of the app is followed', () => {
  it.each([
    ['/', '/'],
    ['/accounts', '/accounts'],
    ['/accounts?q=a%20b&sort=name#top', '/accounts?q=a%20b&sort=name#top'],
    ['/a//b', '/a//b'],
    ['/a/../b', '/b'],
    ['/@evil.example', '/@evil.example'],
    ['/https://evil.example', '/https://evil.example'],
    ['/?next=https://evil.example', '/?next=https://evil.example'],
    ['/#//evil.example', '/#//evil.example'],
    ['/%2F%2Fevil.example', '/%2F%2Fevil.example'],
    ['/%5C%5Cevil.example', '/%5C%5Cevil.example'],
    ['/größe', '/gr%C3%B6%C3%9Fe'],
    ['/auth/login/help', '/auth/login/help'],
    [`/${'x'.repeat(999)}`, `/${'x'.repeat(999)}`],
    [`/a/../${'x'.repeat(999)}`, `/${'x'.repeat(999)}`],
  ])('%s', (value, path) => expect(back(value)).toBe(path))
})

describe('anything else is not', () => {
  it.each<[value: unknown]>([
    [undefined],
    [null],
    [5],
    [['/a']],
    [{}],
    [''],
    [' /a'],
    ['accounts'],
    ['./accounts'],
    ['?q=1'],
    ['#top'],
    ['https://evil.example'],
    ['https:/evil.example'],
    ['//evil.example'],
    ['///evil.example'],
    ['/\\evil.example'],
    ['\\/evil.example'],
    ['\\\\evil.example'],
    ['/a\\b'],
    ['/a\\..\\\\evil.example'],
    ['/\t/evil.example'],
    ['/\n/evil.example'],
    ['/\r\n/evil.example'],
    ['\t//evil.example'],
    ['/\u0000/evil.example'],
    ['/\u007f'],
    ['/\u0085/evil.example'],
    ['/.//evil.example'],
    ['/..//evil.example'],
    ['/%2e//evil.example'],
    ['/a/..//evil.example'],
    ['/a/%2E%2e//evil.example'],
    ['/a\r\nset-cookie: x=y'],
    ['javascript:alert(1)'],
    ['data:text/html,x'],
    ['/\u2028\\'],
    ['/auth/login'],
    ['/auth/login?returnTo=/auth/login'],
    ['/crm/auth/login'],
    ['/a/../auth/login'],
    ['/auth/callback?code=x'],
    [`/${'x'.repeat(1_000)}`],
    ['/'.repeat(100_000)],
  ])('%.40j', (value) => expect(back(value)).toBe('/home'))

  it('goes to the root without another fallback', () => {
    expect(safeReturnTo('//evil.example', base, { avoid })).toBe('/')
  })
})
