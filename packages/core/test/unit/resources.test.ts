import { listen } from '@orgpass/testing'
import type { Listening } from '@orgpass/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { OAuthError, TransportError } from '../../src/errors/errors.ts'
import { createHttpClient } from '../../src/net/http-client.ts'
import { publicClient } from '../../src/oauth/client-authentication.ts'
import type { Client } from '../../src/oauth/client.ts'
import { introspectToken } from '../../src/resources/introspect.ts'
import { fetchUserinfo } from '../../src/resources/userinfo.ts'
import { revokeToken } from '../../src/oauth/revoke.ts'

let answer: readonly [status: number, body: string]
let server: Listening
const client: Client = {
  clientId: '3MVG9abc',
  authenticate: publicClient(),
  http: createHttpClient(),
  trustedHosts: [],
  log: () => undefined,
  now: () => 0,
}

beforeAll(async () => {
  server = await listen((_req, res) => void res.writeHead(answer[0]).end(answer[1]))
  return () => server.close()
})

const json = (value: unknown): string => JSON.stringify(value)
const sub = 'https://login.salesforce.com/id/00Dx0000000BV7zEAG/005x00000012Q9PAAU'
const identity = { orgId: '00Dx0000000BV7zEAG', userId: '005x00000012Q9PAAU' }

describe('an introspection says', () => {
  it.each<[what: string, members: object, expected: object]>([
    [
      'everything',
      {
        active: true,
        scope: 'api id',
        client_id: 'c',
        username: 'ada@acme.example',
        sub,
        token_type: 'access_token',
        exp: 1_800_000_060,
        iat: 1_800_000_000,
        nbf: 1,
      },
      {
        active: true,
        scope: ['api', 'id'],
        clientId: 'c',
        username: 'ada@acme.example',
        identity,
        tokenType: 'access_token',
        expiresAt: 1_800_000_060_000,
        issuedAt: 1_800_000_000_000,
      },
    ],
    ['little', { active: true }, { active: true, scope: [] }],
    ['no time that no date can hold', { active: true, exp: 1e300, iat: -1e300 }, { active: true, scope: [] }],
    ['nothing of a dead token', { active: false, username: 'ada@acme.example' }, { active: false }],
    [
      'what is usable among members of the wrong type',
      { active: true, scope: ['api'], exp: '1800000060', iat: null, client_id: 5, sub: 'ada', username: {} },
      { active: true, scope: [] },
    ],
  ])('%s', async (_what, members, expected) => {
    answer = [200, json(members)]
    expect(await introspectToken({ client, base: server.url }, 'token')).toEqual(expected)
  })

  it.each<[status: number, body: string, type: typeof OAuthError | typeof TransportError, code: string]>([
    [
      400,
      json({ error: 'invalid_client', error_description: 'invalid client credentials' }),
      OAuthError,
      'oauth/invalid_client',
    ],
    [401, json({ error: 'invalid_client_id' }), OAuthError, 'oauth/invalid_client_id'],
    [200, json({ active: 'true' }), TransportError, 'net/not-json'],
    [200, json([]), TransportError, 'net/not-json'],
    [200, 'null', TransportError, 'net/not-json'],
    [200, '<html>', TransportError, 'net/not-json'],
    [200, '', TransportError, 'net/not-json'],
    [503, '<html>', TransportError, 'net/server-error'],
  ])('no more than an error for %i %s', async (...[status, body, type, code]) => {
    answer = [status, body]
    const failure: unknown = await introspectToken({ client, base: server.url }, 'token').catch(
      (error: unknown) => error,
    )
    expect(failure).toBeInstanceOf(type)
    expect(failure).toMatchObject({ code })
  })
})

describe('a revocation', () => {
  it.each<[status: number, body: string]>([
    [200, ''],
    [400, 'error=unsupported_token_type&error_description=invalid%20token'],
    [400, 'error=invalid_token'],
    [400, json({ error: 'invalid_token' })],
  ])('is done after %i %s', async (status, body) => {
    answer = [status, body]
    await expect(revokeToken(client, server.url, 'token')).resolves.toBeUndefined()
  })

  it.each<[status: number, body: string, type: typeof OAuthError | typeof TransportError, code: string]>([
    [400, 'error=invalid_client_id&error_description=client+identifier+invalid', OAuthError, 'oauth/invalid_client_id'],
    [400, json({ error: 'server_error' }), OAuthError, 'oauth/server_error'],
    [400, json({ error: 5 }), TransportError, 'net/not-json'],
    [400, 'null', TransportError, 'net/not-json'],
    [404, '<html>', TransportError, 'net/not-json'],
    [503, '<html>', TransportError, 'net/server-error'],
  ])('is not done after %i %s', async (...[status, body, type, code]) => {
    answer = [status, body]
    const failure: unknown = await revokeToken(client, server.url, 'token').catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(type)
    expect(failure).toMatchObject({ code })
  })
})

describe('a profile', () => {
  const user = { organization_id: identity.orgId, user_id: identity.userId, preferred_username: 'ada@acme.example' }

  it.each<[what: string, members: object, expected: object]>([
    [
      'needs ids and a user name only',
      user,
      { ...identity, username: 'ada@acme.example', displayName: 'ada@acme.example' },
    ],
    ['widens short ids', { ...user, organization_id: '00Dx0000000BV7z', user_id: '005x00000012Q9P' }, identity],
    [
      'leaves out what has the wrong type',
      { ...user, email: 5, photos: null, active: 'yes', email_verified: 1 },
      identity,
    ],
    ['takes no picture out of a text', { ...user, photos: 'https://x' }, identity],
    ['takes no script for a picture', { ...user, photos: { picture: 'javascript:alert(1)' } }, identity],
  ])('%s', async (_what, members, expected) => {
    answer = [200, json(members)]
    const profile = await fetchUserinfo(fetch, server.url)
    expect(profile).toMatchObject(expected)
    for (const name of ['email', 'pictureUrl', 'active', 'emailVerified']) expect(profile).not.toHaveProperty(name)
  })

  it.each<[status: number, body: string, code: string]>([
    [200, json({ ...user, user_id: '005x00000012Q9QAAU' }), 'token/malformed-answer'],
    [200, json({ ...user, organization_id: 5 }), 'token/malformed-answer'],
    [200, json([]), 'net/not-json'],
    [200, json({}), 'token/malformed-answer'],
    [200, 'null', 'net/not-json'],
    [200, '<html>', 'net/not-json'],
    [200, '', 'net/not-json'],
    [404, 'Bad_Id', 'rest/identity-refused'],
    [401, json([{ errorCode: 'INVALID_SESSION_ID' }]), 'rest/session-expired'],
    [401, json({ error: 'invalid_token' }), 'oauth/invalid_token'],
    [403, '<html>', 'net/not-json'],
    [302, '', 'net/not-json'],
    [500, '<html>', 'net/server-error'],
    [503, '<html>', 'rest/unavailable'],
  ])('is refused after %i %s, and nothing is left unhandled', async (status, body, code) => {
    answer = [status, body]
    await expect(fetchUserinfo(fetch, server.url, { expected: identity })).rejects.toMatchObject({ code })
  })
})
