import { describe, expect, it } from 'vitest'
import { endpointsOf, identityUrl } from '../../src/org/endpoints.ts'
import { parseIdentityUrl, toId18 } from '../../src/org/ids.ts'

describe('toId18', () => {
  it.each([
    ['00Dx0000000BV7z', '00Dx0000000BV7zEAG'],
    ['005x00000012Q9P', '005x00000012Q9PAAU'],
    ['00Dx0000000BV7zEAG', '00Dx0000000BV7zEAG'],
    ['00DAAAAAAAAAAAA', '00DAAAAAAAAAAAA255'],
    ['00d000000000000', '00d000000000000AAA'],
  ])('%s → %s', (id, id18) => expect(toId18(id)).toBe(id18))

  it.each([
    ['00Dx0000000BV7zEAH', 'a checksum that does not fit'],
    ['00dx0000000bv7zEAG', 'a copy that lost its capitals'],
    ['00Dx0000000BV7zeag', 'a checksum in small letters'],
    ['00Dx0000000BV7', '14 characters'],
    ['00Dx0000000BV7zE', '16 characters'],
    ['00Dx0000000BV7zEAGA', '19 characters'],
    ['00Dx0000000BV7-', 'a mark'],
    ['00Dx0000000BV7é', 'a letter beyond ASCII'],
    ['00Dx0000000BV7z\n', 'a line end'],
    ['', 'nothing'],
  ])('%j is refused: %s', (id) => expect(toId18(id)).toBeUndefined())
})

describe('parseIdentityUrl', () => {
  const both = { orgId: '00Dx0000000BV7zEAG', userId: '005x00000012Q9PAAU' }
  it.each([
    'https://login.salesforce.com/id/00Dx0000000BV7zEAG/005x00000012Q9PAAU',
    'https://test.salesforce.com/id/00Dx0000000BV7z/005x00000012Q9P',
    'https://acme.my.site.com/partners/id/00Dx0000000BV7zEAG/005x00000012Q9PAAU',
    'https://login.salesforce.com/id/00Dx0000000BV7zEAG/005x00000012Q9PAAU?version=latest',
  ])('%s', (url) => expect(parseIdentityUrl(url)).toEqual(both))

  it.each([
    '/id/00Dx0000000BV7zEAG/005x00000012Q9PAAU',
    'https://login.salesforce.com/id/005x00000012Q9PAAU/00Dx0000000BV7zEAG',
    'https://login.salesforce.com/id/00Dx0000000BV7zEAH/005x00000012Q9PAAU',
    'https://login.salesforce.com/id/00Dx0000000BV7zEAG',
    'https://login.salesforce.com/id/00Dx0000000BV7zEAG/005x00000012Q9PAAU/x',
    'https://login.salesforce.com/?x=/id/00Dx0000000BV7zEAG/005x00000012Q9PAAU',
    'https://login.salesforce.com/id/00Dx0000000BV7z%45AG/005x00000012Q9PAAU',
    '',
  ])('%s is none', (url) => expect(parseIdentityUrl(url)).toBeUndefined())
})

describe('endpoints', () => {
  it('stand on an origin', () => {
    expect(endpointsOf('https://acme.my.salesforce.com')).toEqual({
      authorize: 'https://acme.my.salesforce.com/services/oauth2/authorize',
      token: 'https://acme.my.salesforce.com/services/oauth2/token',
      revoke: 'https://acme.my.salesforce.com/services/oauth2/revoke',
      introspect: 'https://acme.my.salesforce.com/services/oauth2/introspect',
      userinfo: 'https://acme.my.salesforce.com/services/oauth2/userinfo',
      register: 'https://acme.my.salesforce.com/services/oauth2/register',
      singleAccess: 'https://acme.my.salesforce.com/services/oauth2/singleaccess',
      keys: 'https://acme.my.salesforce.com/id/keys',
      logout: 'https://acme.my.salesforce.com/services/auth/idp/oidc/logout',
      headless: 'https://acme.my.salesforce.com/services/auth/headless',
    })
  })

  it('keep the path of a site in front', () => {
    const { token, keys } = endpointsOf('https://acme.my.site.com/partners')
    expect([token, keys]).toEqual([
      'https://acme.my.site.com/partners/services/oauth2/token',
      'https://acme.my.site.com/partners/id/keys',
    ])
  })

  it('ask the identity service on the instance', () => {
    expect(identityUrl('https://acme.my.salesforce.com', { orgId: 'o', userId: 'u' })).toBe(
      'https://acme.my.salesforce.com/id/o/u',
    )
  })
})
