import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/errors/errors.ts'
import { createSalesforceAuth } from '../../src/node.ts'
import { isMyDomain, parseLoginUrl } from '../../src/org/hosts.ts'

const base = { clientId: 'key', clientSecret: 'secret', allowedOrgs: 'any' } as const
const session = { secret: 'k3J9vQ2mX7pL5tR8wZ1nB4cY6hG0sD3f' }
const app = { ...base, session, baseUrl: 'https://app.example.com', trustedHosts: ['login.example.com'] }

function refusal(loginUrl: string): ConfigError {
  try {
    createSalesforceAuth({ ...app, loginUrl }, {})
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error(`${loginUrl} was accepted`)
}

describe('login hosts that are refused, with what to write instead', () => {
  it.each([
    ['acme.my.salesforce.com', /Write https:\/\/acme\.my\.salesforce\.com\./],
    ['acme.my.salesforce.com:443', /Write https:\/\/acme\.my\.salesforce\.com\./],
    ['http://acme.my.salesforce.com', /Write https:\/\/acme\.my\.salesforce\.com\./],
    ['ftp://acme.my.salesforce.com', /Write https:\/\/acme\.my\.salesforce\.com\./],
    ['https://acme.my.salesforce.com:8443', /Write https:\/\/acme\.my\.salesforce\.com\./],
    ['https://acme.my.salesforce.com/home/home.jsp', /Write https:\/\/acme\.my\.salesforce\.com\./],
    ['https://login.salesforce.com/services/oauth2/token', /first part: https:\/\/login\.salesforce\.com\./],
    ['https://login.salesforce.com?un=ada', /first part: https:\/\/login\.salesforce\.com\./],
    ['https://login.salesforce.com/#x', /first part: https:\/\/login\.salesforce\.com\./],
    ['https://ada:pw@login.salesforce.com', /Write only the address: https:\/\/login\.salesforce\.com\./],
    ['https://acme.lightning.force.com', /Use https:\/\/acme\.my\.salesforce\.com\./],
    ['https://acme--dev.sandbox.lightning.force.com', /Use https:\/\/acme--dev\.sandbox\.my\.salesforce\.com\./],
    ['https://acme.my.salesforce-setup.com', /Use https:\/\/acme\.my\.salesforce\.com\./],
    ['https://acme.lightning.crmforce.mil', /Use https:\/\/acme\.my\.salesforce\.mil\./],
    ['https://acme.lightning.sfcrmapps.cn', /Use https:\/\/acme\.my\.sfcrmproducts\.cn\./],
    ['https://acme.my-lightning.com', /Use https:\/\/acme\.my-salesforce\.com\./],
    ['https://acme--c.visualforce.com', /Use https:\/\/acme\.my\.salesforce\.com\./],
    ['https://acme--c.vf.force.com', /Use https:\/\/acme\.my\.salesforce\.com\./],
    ['https://na139.salesforce.com', /My Domain/],
    ['https://salesforce.com', /My Domain/],
    ['https://www.salesforce.com', /My Domain/],
    ['https://my.salesforce.com', /My Domain/],
    ['https://a.b.my.salesforce.com', /My Domain/],
    ['https://login.salesforce.com.', /My Domain/],
    ['https://acme.my.salesforce.com.evil.example', /trustedHosts/],
    ['https://acme-my.salesforce.com.evil.example', /trustedHosts/],
    ['https://evil.example/acme.my.salesforce.com', /trustedHosts/],
    ['https://evilmy.salesforce.com', /My Domain/],
    ['https://acme.my.salesforce.com\\@evil.example', /Write https:\/\/acme\.my\.salesforce\.com\./],
    ['https://acme.my.salesforce.com@evil.example', /https:\/\/evil\.example/],
    ['https://аcme.my.salesforce.com', /My Domain/], // a Cyrillic а
    ['https://acme.my。salesforce.com.evil.example', /trustedHosts/],
    ['https://lightning.force.com', /My Domain/],
    ['https://127.0.0.1:8443', /local baseUrl/],
    ['http://localhost:8080', /local baseUrl/],
    ['https://sub.localhost', /local baseUrl/],
    ['http://[::1]:8080', /local baseUrl/],
    ['http://2130706433', /local baseUrl/],
    ['http://0x7f.1', /local baseUrl/],
    ['https://10.0.0.1', /trustedHosts/],
    ['https://[::ffff:127.0.0.1]', /trustedHosts/],
    ['https://login.example.com:444', /trustedHosts/],
    ['http://login.example.com', /Write https:\/\/login\.example\.com\./],
    ['localhost:3000', /It looks like https:\/\/<name>\.my\.salesforce\.com\./],
    ['https://', /It looks like/],
    ['login', /It looks like/],
    ['javascript:alert(1)', /It looks like/],
    ['file:///etc/passwd', /It looks like/],
    ['https://exa mple.com', /It looks like/],
  ])('%s', (loginUrl, hint) => {
    const error = refusal(loginUrl)
    expect(error.faults.map((fault) => fault.option)).toEqual(['loginUrl'])
    expect(error).toMatchObject({ code: 'config/invalid', hint: expect.stringMatching(hint) })
  })

  it('a secret that was put there by mistake is not repeated', () => {
    const { message, hint } = refusal('5Aep861TSESvWeug_w8x.PLANTEDvalue0123456789')
    expect(message + hint).not.toMatch(/planted/i)
  })
})

describe('login hosts that are accepted', () => {
  const policy = { trustedHosts: ['login.example.com', 'sso.example.com:8443'], local: true }
  it.each([
    ['https://login.salesforce.com', 'public'],
    ['https://test.salesforce.com/', 'public'],
    ['  https://login.salesforce.com  ', 'public', 'https://login.salesforce.com'],
    ['https://LOGIN.Salesforce.COM', 'public', 'https://login.salesforce.com'],
    ['https://acme.my.salesforce.com', 'my-domain'],
    ['https://acme.my.salesforce.com:443/', 'my-domain', 'https://acme.my.salesforce.com'],
    ['https://Acme-Corp2.my.salesforce.com/', 'my-domain', 'https://acme-corp2.my.salesforce.com'],
    ['https://acme--uat.sandbox.my.salesforce.com', 'my-domain'],
    ['https://acme-dev-ed.develop.my.salesforce.com', 'my-domain'],
    ['https://efficient-koala-1a2b3c.scratch.my.salesforce.com', 'my-domain'],
    ['https://playful-fox-1.trailblaze.my.salesforce.com', 'my-domain'],
    ['https://acme.demo.my.salesforce.com', 'my-domain'],
    ['https://acme.patch.my.salesforce.com', 'my-domain'],
    ['https://acme.free.my.salesforce.com', 'my-domain'],
    ['https://acme.my.salesforce.mil', 'my-domain'],
    ['https://acme.my.sfcrmproducts.cn', 'my-domain'],
    ['https://acme.my-salesforce.com', 'my-domain'],
    ['https://acme.my.site.com', 'site'],
    ['https://acme.my.site.com/partners', 'site'],
    ['https://acme.my.site.com/partners/', 'site', 'https://acme.my.site.com/partners'],
    ['https://acme--uat.sandbox.my.site.com/partners', 'site'],
    ['https://acme.develop.my.site.com/a/b', 'site'],
    ['https://acme.force.com/customers', 'site'],
    ['https://login.example.com', 'trusted'],
    ['https://login.example.com/site', 'trusted'],
    ['https://sso.example.com:8443', 'trusted'],
    ['http://localhost:8080', 'local'],
    ['http://127.0.0.1:8080/', 'local', 'http://127.0.0.1:8080'],
    ['https://acme.localhost:8443', 'local'],
    ['http://[::1]:8080/site', 'local'],
  ])('%s is %s', (loginUrl, kind, normal = loginUrl.replace(/\/$/, '')) => {
    const origin = new URL(loginUrl).origin
    expect(parseLoginUrl(loginUrl, policy)).toEqual({ kind, base: normal, origin })
  })
})

describe('a login host typed by a visitor', () => {
  it.each([
    'https://acme.my.salesforce.com',
    'https://acme--uat.sandbox.my.salesforce.com/',
    'https://Acme.my.salesforce.mil',
  ])('%s is a My Domain', (value) => expect(isMyDomain(value)).toBe(true))

  it.each([
    'http://acme.my.salesforce.com',
    'https://acme.my.salesforce.com:443',
    'https://acme.my.salesforce.com/path',
    'https://acme.my.salesforce.com?x',
    'https://a@acme.my.salesforce.com',
    'https://login.salesforce.com',
    'https://acme.my.site.com',
    'https://аcme.my.salesforce.com',
    'https://xn--cme-7cd.my.salesforce.com',
    'https://acme.my.salesforce.com.',
    'https://acme..my.salesforce.com',
    'https://-acme.my.salesforce.com',
    'https://1.2.3.999',
    'https://xn--',
    'https://.',
    ' https://acme.my.salesforce.com',
    'https://acme.my.salesforce.com\n',
    '',
  ])('%j is none', (value) => {
    expect(isMyDomain(value)).toBe(false)
  })
})
