import { describe, expect, it } from 'vitest'
import { assertionAudience } from '../../src/org/audience.ts'
import { parseLoginUrl } from '../../src/org/hosts.ts'

const policy = { trustedHosts: ['help.example.com'], local: true }

describe('the audience of an assertion is', () => {
  it.each([
    ['https://login.salesforce.com', 'https://login.salesforce.com'],
    ['https://test.salesforce.com', 'https://test.salesforce.com'],
    ['https://acme.my.salesforce.com', 'https://login.salesforce.com'],
    ['https://acme.my.salesforce.com/', 'https://login.salesforce.com'],
    ['https://acme-dev-ed.develop.my.salesforce.com', 'https://login.salesforce.com'],
    ['https://acme.trailblaze.my.salesforce.com', 'https://login.salesforce.com'],
    ['https://sandbox.my.salesforce.com', 'https://login.salesforce.com'],
    ['https://acme--uat.sandbox.my.salesforce.com', 'https://test.salesforce.com'],
    ['https://acme--uat.my.salesforce.com', 'https://test.salesforce.com'],
    ['https://acme.scratch.my.salesforce.com', 'https://test.salesforce.com'],
    ['https://acme.my.site.com', 'https://acme.my.site.com'],
    ['https://acme.my.site.com/customers/', 'https://acme.my.site.com/customers'],
    ['https://help.example.com/customers', 'https://help.example.com/customers'],
    ['http://localhost:8100', 'http://localhost:8100'],
    ['http://127.0.0.1:8101/customers', 'http://127.0.0.1:8101/customers'],
  ])('for the login URL %s %s', (loginUrl, audience) => {
    const login = parseLoginUrl(loginUrl, policy)
    if (!('kind' in login)) throw new Error(login.problem)
    expect(assertionAudience(login)).toBe(audience)
  })
})
