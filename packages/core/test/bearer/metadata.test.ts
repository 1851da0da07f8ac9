import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/index.ts'
import type { SalesforceAuthOptions } from '../../src/index.ts'
import { createApp, visit } from '../inputs/scripted-salesforce.ts'

const PATH = '/.well-known/oauth-protected-resource'
const bearer = { issuers: ['https://acme.my.salesforce.com'], clientIds: ['3MVG9caller'] }

async function answer(path: string, options: SalesforceAuthOptions = {}, method = 'GET') {
  return createApp({ bearer, ...options })
    .open(visit(path, { method }))
    .handle()
}

describe('the metadata document', () => {
  it('says whose tokens the app takes, and how', async () => {
    const reply = await answer(`${PATH}?x=1`, { bearer: { ...bearer, scopes: ['api'] } })
    expect(reply).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json', 'access-control-allow-origin': '*' },
    })
    expect(JSON.parse(reply?.body ?? '')).toEqual({
      resource: 'https://app.example.com',
      authorization_servers: ['https://acme.my.salesforce.com'],
      bearer_methods_supported: ['header'],
      scopes_supported: ['api'],
    })
  })

  it.each([
    ['https://app.example.com', PATH, 'https://app.example.com'],
    ['https://app.example.com/', PATH, 'https://app.example.com'],
    ['https://app.example.com/crm', `${PATH}/crm`, 'https://app.example.com/crm'],
    ['https://app.example.com/crm/', `${PATH}/crm`, 'https://app.example.com/crm'],
    ['https://app.example.com/crm', `/crm${PATH}`, 'https://app.example.com/crm'],
    ['https://app.example.com/crm', PATH, 'https://app.example.com/crm'],
  ])('of %s is at %s and speaks of %s', async (baseUrl, path, resource) => {
    const reply = await answer(path, { baseUrl })
    expect(JSON.parse(reply?.body ?? '{}')).toMatchObject({ resource })
  })

  it('is where the challenge says it is', async () => {
    const at = async (options: SalesforceAuthOptions): Promise<string | undefined> => {
      const reply = await createApp({ bearer, ...options })
        .open(visit('/x'))
        .auth.requireBearer()
      return /resource_metadata="([^"]+)"/.exec(reply?.headers?.['www-authenticate'] ?? '')?.[1]
    }
    const baseUrl = 'https://app.example.com/crm'
    expect(await at({})).toBe(`https://app.example.com${PATH}`)
    expect(await at({ baseUrl })).toBe(`https://app.example.com${PATH}/crm`)
    const routes = { resourceMetadata: '/about-tokens' }
    expect(await at({ baseUrl, routes })).toBe(`${baseUrl}/about-tokens`)
    expect((await answer('/about-tokens', { routes }))?.status).toBe(200)
    expect(await answer(PATH, { routes })).toBeUndefined()
  })

  it('is for reading', async () => {
    expect(await answer(PATH, {}, 'HEAD')).toMatchObject({ status: 200 })
    expect((await answer(PATH, {}, 'HEAD'))?.body).toBeUndefined()
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) {
      expect(await answer(PATH, {}, method)).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
    }
  })

  it('does not exist for an app that takes no tokens', async () => {
    expect(await createApp().open(visit(PATH)).handle()).toBeUndefined()
  })
})

describe('the option bearer is refused at creation', () => {
  const wrong: [string, unknown, string][] = [
    ['without issuers', { clientIds: ['3MVG9'] }, 'bearer.issuers'],
    ['with no issuer', { ...bearer, issuers: [] }, 'bearer.issuers'],
    ['with issuers in one text', { ...bearer, issuers: 'https://acme.my.salesforce.com' }, 'bearer.issuers'],
    ['with a login host of every org', { ...bearer, issuers: ['https://login.salesforce.com'] }, 'bearer.issuers'],
    ['with an issuer over http', { ...bearer, issuers: ['http://acme.my.salesforce.com'] }, 'bearer.issuers'],
    ['with a stranger as issuer', { ...bearer, issuers: ['https://acme.example'] }, 'bearer.issuers'],
    [
      'with this machine as issuer of a public app',
      { ...bearer, issuers: ['http://localhost:4000'] },
      'bearer.issuers',
    ],
    ['without client ids', { issuers: bearer.issuers }, 'bearer.clientIds'],
    ['with no client id', { ...bearer, clientIds: [] }, 'bearer.clientIds'],
    ['with client ids in one text', { ...bearer, clientIds: '3MVG9' }, 'bearer.clientIds'],
    ['with an empty client id', { ...bearer, clientIds: [''] }, 'bearer.clientIds'],
    ['with an empty audience', { ...bearer, audience: '' }, 'bearer.audience'],
    ['with scopes in one text', { ...bearer, scopes: 'api web' }, 'bearer.scopes'],
    ['with a quotation mark in a scope', { ...bearer, scopes: ['a"b'] }, 'bearer.scopes'],
    ['with a switch for opaque', { ...bearer, opaque: true }, 'bearer.opaque'],
    ['with an unknown member of opaque', { ...bearer, opaque: { TTL: 1 } }, 'bearer.opaque'],
    ['with seconds for milliseconds', { ...bearer, opaque: { ttl: 60 } }, 'bearer.opaque.ttl'],
    [
      'with opaque tokens of other issuers only',
      { ...bearer, issuers: ['https://other.my.salesforce.com'], opaque: {} },
      'bearer.opaque',
    ],
    ['with an unknown member', { ...bearer, issuer: 'x' }, 'bearer.issuer'],
  ]
  it.each(wrong)('%s', (_, given, option) => {
    const attempt = (): unknown => createApp({ bearer: given } as never)
    expect(attempt).toThrow(ConfigError)
    expect(attempt).toThrow(new RegExp(`^${option}: `))
  })

  it.each([
    ['guards', { guards: { factTtl: 60 } }, 'guards.factTtl'],
    ['guards', { guards: { ttl: 1 } }, 'guards.ttl'],
  ])('and so is %s when it is wrong', (_, options, option) => {
    expect(() => createApp(options as never)).toThrow(new RegExp(`^${option}: `))
  })

  it.each([[true], [7], ['x'], [null], [[]]])('when it is %j', (given) => {
    expect(() => createApp({ bearer: given } as never)).toThrow(ConfigError)
  })
})
