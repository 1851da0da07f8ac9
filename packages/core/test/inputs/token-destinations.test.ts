import { describe, expect, it } from 'vitest'
import { acceptCommunityUrl, acceptInstanceUrl, parseLoginUrl } from '../../src/org/hosts.ts'
import type { LoginHost } from '../../src/org/hosts.ts'

const trustedHosts = ['crm.example.com', 'crm2.example.com:8443', 'localhost:9999', '127.0.0.1']

function login(url: string): LoginHost {
  const host = parseLoginUrl(url, { trustedHosts, local: true })
  if ('kind' in host) return host
  throw new Error(`${url} ${host.problem}`)
}

const publicHost = 'https://login.salesforce.com'
const myDomain = 'https://acme.my.salesforce.com'
const local = 'http://localhost:8080'
const site = 'https://acme.my.site.com/partners'
const trusted = 'https://crm.example.com'

describe('instance URLs that a token may go to', () => {
  it.each([
    [publicHost, 'https://acme.my.salesforce.com', 'https://acme.my.salesforce.com'],
    [publicHost, 'https://acme.my.salesforce.com/', 'https://acme.my.salesforce.com'],
    [publicHost, 'https://acme.my.salesforce.com:443', 'https://acme.my.salesforce.com'],
    [publicHost, 'https://acme--uat.sandbox.my.salesforce.com', 'https://acme--uat.sandbox.my.salesforce.com'],
    [publicHost, 'https://na139.salesforce.com', 'https://na139.salesforce.com'],
    [publicHost, 'https://crm.example.com', 'https://crm.example.com'],
    [publicHost, 'https://crm2.example.com:8443/x', 'https://crm2.example.com:8443'],
    [myDomain, 'https://acme.my.salesforce.mil', 'https://acme.my.salesforce.mil'],
    [myDomain, 'https://acme.my.sfcrmproducts.cn', 'https://acme.my.sfcrmproducts.cn'],
    [myDomain, 'https://acme.database.com', 'https://acme.database.com'],
    [site, 'https://acme.my.site.com', 'https://acme.my.site.com'],
    [trusted, 'https://acme.my.salesforce.com', 'https://acme.my.salesforce.com'],
    [local, 'http://localhost:8081', 'http://localhost:8081'],
    [local, 'http://127.0.0.1:1', 'http://127.0.0.1:1'],
    [local, 'https://acme.localhost:8443', 'https://acme.localhost:8443'],
  ])('from %s to %s', (from, value, origin) => {
    expect(acceptInstanceUrl(value, login(from), trustedHosts)).toBe(origin)
  })
})

describe('instance URLs that no token is sent to', () => {
  it.each([
    [publicHost, 'http://acme.my.salesforce.com'],
    [publicHost, 'https://acme.my.salesforce.com:8443'],
    [publicHost, 'https://evil.example'],
    [publicHost, 'https://salesforce.com.evil.example'],
    [publicHost, 'https://evilsalesforce.com'],
    [publicHost, 'https://acme.my.salesforce.com@evil.example'],
    [publicHost, 'https://acme:pw@acme.my.salesforce.com'],
    [publicHost, 'https://acme.my.salesforce.com.'],
    [publicHost, 'https://acme.my.site.com'],
    [publicHost, 'https://localhost'],
    [publicHost, 'https://localhost:9999'],
    [publicHost, 'https://127.0.0.1'],
    [publicHost, 'https://2130706433'],
    [publicHost, 'https://127.1'],
    [publicHost, 'https://[::1]'],
    [publicHost, 'http://localhost:9999'],
    [publicHost, 'https://10.0.0.1'],
    [publicHost, 'https://169.254.169.254'],
    [publicHost, 'https://crm2.example.com'],
    [publicHost, '//acme.my.salesforce.com'],
    [publicHost, 'acme.my.salesforce.com'],
    [publicHost, 'javascript:0'],
    [publicHost, ''],
    [myDomain, 'https://127.0.0.1'],
    [trusted, 'https://localhost:9999'],
    [site, 'https://other.my.site.com'],
    [local, 'https://acme.my.salesforce.com'],
    [local, 'http://localhost.evil.example'],
    [local, 'ftp://localhost'],
    [local, 'http://10.0.0.1'],
    [local, 'http://a:b@localhost:8081'],
    [local, 'https://crm.example.com'],
  ])('from %s to %j', (from, value) => {
    expect(acceptInstanceUrl(value, login(from), trustedHosts)).toBeUndefined()
  })
})

describe('community URLs', () => {
  it.each([
    [myDomain, 'https://acme.my.salesforce.com/partners', 'site', 'https://acme.my.salesforce.com/partners'],
    [site, 'https://acme.my.site.com/partners/', 'site', 'https://acme.my.site.com/partners'],
    [myDomain, 'https://crm.example.com/site', 'trusted', 'https://crm.example.com/site'],
    [local, 'http://localhost:8080/partners', 'local', 'http://localhost:8080/partners'],
  ])('from %s, %s is followed', (...[from, value, kind, base]) => {
    expect(acceptCommunityUrl(value, login(from), trustedHosts)).toEqual({ kind, base, origin: new URL(base).origin })
  })

  it.each([
    [myDomain, 'https://acme.my.site.com'],
    [myDomain, 'https://evil.example'],
    [myDomain, 'http://acme.my.salesforce.com'],
    [myDomain, 'https://acme.my.salesforce.com:8443'],
    [myDomain, 'https://acme.my.salesforce.com/?next=x'],
    [myDomain, 'https://acme.my.salesforce.com/#x'],
    [myDomain, 'https://u@acme.my.salesforce.com'],
    [myDomain, 'https://u@crm.example.com'],
    [myDomain, 'http://crm.example.com'],
    [myDomain, 'https://crm2.example.com'],
    [myDomain, 'https://localhost:9999'],
    [publicHost, 'https://127.0.0.1'],
    [local, 'http://localhost:8081'],
    [myDomain, '/partners'],
    [myDomain, ''],
  ])('from %s, %j is not', (from, value) => {
    expect(acceptCommunityUrl(value, login(from), trustedHosts)).toBeUndefined()
  })
})
