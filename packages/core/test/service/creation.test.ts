import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  clientCredentialsGrant,
  clientSecretPost,
  ConfigError,
  createServiceConnection,
  jwtBearerGrant,
  openTokenEndpoint,
} from '../../src/index.ts'
import type { JwtBearerGrant, ServiceConnectionOptions, TokenEndpointOptions } from '../../src/index.ts'

const { privateKey: key } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const good = { loginUrl: 'https://acme.my.salesforce.com', clientId: '3MVG9abc' }
const grant = { key, username: 'ada@acme.example' }

/** Options as a JavaScript caller may write them. */
function faultsOf(options: unknown): ConfigError['faults'] {
  try {
    createServiceConnection(options as ServiceConnectionOptions)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}

const byKey = (change: object, options: object = {}): ConfigError['faults'] =>
  faultsOf({ ...good, grant: jwtBearerGrant({ ...grant, ...change } as JwtBearerGrant), ...options })

describe('a service connection is refused when it is made', () => {
  it.each<[option: string, problem: string, change: object]>([
    ['username', 'is missing', { username: undefined }],
    ['username', 'is empty or no text', { username: '' }],
    ['key', 'is missing', { key: undefined }],
    ['key', 'is empty', { key: '' }],
    ['key', 'is not a private key in PEM form', { key: './private-key.pem' }],
  ])('for want of a good %s, which %s', (option, problem, change) => {
    expect(byKey(change)).toMatchObject([{ option, problem }])
  })

  it.each<[option: string, problem: RegExp, change: object]>([
    ['loginUrl', /is missing/, { loginUrl: undefined }],
    ['loginUrl', /is missing/, { loginUrl: '' }],
    ['loginUrl', /is not a text/, { loginUrl: 5 }],
    ['loginUrl', /is not a Salesforce host/, { loginUrl: 'https://example.com' }],
    ['clientId', /is missing/, { clientId: '' }],
    ['clientId', /is missing/, { clientId: undefined }],
    ['clientId', /is not a Consumer Key/, { clientId: '3MVG9 abc' }],
    ['grant', /is missing/, { grant: undefined }],
    ['grant', /is not a function/, { grant: 'jwt-bearer' }],
    ['clientAuthentication', /is not a function/, { clientAuthentication: 'a-secret' }],
    ['fetch', /is not a function/, { fetch: 'node-fetch' }],
    ['logger', /is not a function/, { logger: console }],
    ['now', /is not a function/, { now: 5 }],
    ['timeout', /duration/, { timeout: 10 }],
    ['dpop.key', /P-256/, { dpop: { key: 'secret' } }],
    ['tokenExpiry.sessionTimeout', /duration/, { tokenExpiry: { sessionTimeout: 120 } }],
    ['tokenExpiry.introspect', /switch/, { tokenExpiry: { introspect: 'yes' } }],
  ])('for a bad %s: %s', (option, problem, change) => {
    expect(byKey({}, change)).toMatchObject([{ option, problem: expect.stringMatching(problem) }])
  })

  it('for client credentials at a generic login host', () => {
    const clientAuthentication = clientSecretPost('secret')
    const options = { ...good, loginUrl: 'https://login.salesforce.com', clientAuthentication }
    const faults = faultsOf({ ...options, grant: clientCredentialsGrant() })
    expect(faults).toMatchObject([{ option: 'loginUrl', problem: expect.stringMatching(/client credentials/) }])
  })

  it('with all that is wrong, its grant included', () => {
    const faults = byKey({ key: 'x', username: '' }, { loginUrl: 'acme', clientId: '', timeout: 1 })
    expect(faults.map(({ option }) => option).toSorted()).toEqual([
      'clientId',
      'key',
      'loginUrl',
      'timeout',
      'username',
    ])
    expect(faults.filter(({ hint }) => hint.length < 10)).toEqual([])
  })

  it('and so is a token endpoint, for want of a client authentication too', () => {
    const options = { clientId: '3MVG9 abc' } as unknown as TokenEndpointOptions
    expect(() => openTokenEndpoint(options)).toThrow(
      expect.objectContaining({
        faults: ['loginUrl', 'clientId', 'clientAuthentication'].map((option) => expect.objectContaining({ option })),
      }) as Error,
    )
  })

  it('and not when all is well', () => {
    expect(byKey({})).toEqual([])
    expect(byKey({}, { timeout: 600_000, tokenExpiry: { introspect: true, sessionTimeout: 60_000 } })).toEqual([])
  })
})
