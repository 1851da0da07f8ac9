import { inspect } from 'node:util'
import { listen } from '@orgpass/testing'
import { base64url, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { TokenError, TransportError } from '../../src/errors/errors.ts'
import { createHttpClient } from '../../src/net/http-client.ts'
import { createKeySource } from '../../src/net/jwks.ts'
import { verifyIdToken } from '../../src/oauth/id-token.ts'
import type { TokenSet } from '../../src/oauth/token-set.ts'
import type { LoginHost } from '../../src/org/hosts.ts'

const now = 1_800_000_000_000
const nonce = 'PLANTED-nonce-0123456789'
const clientId = '3MVG9abc'
const accessToken = '00Dx0000000BV7z!PLANTED.access'
const subject = 'https://login.salesforce.com/id/00Dx0000000BV7zEAG/005x00000012Q9PAAU'
const identity = { orgId: '00Dx0000000BV7zEAG', userId: '005x00000012Q9PAAU' }
const release = await generateKeyPair('RS256')
const stranger = await generateKeyPair('RS256')
const jwks = { keys: [{ ...(await exportJWK(release.publicKey)), kid: '264', alg: 'RS256', use: 'sig' }] }
const atHash = base64url.encode(
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(accessToken))).subarray(0, 16),
)

let answer = { status: 200, body: JSON.stringify(jwks) }
let asked = 0
let pinned: LoginHost

beforeAll(async () => {
  const server = await listen((_req, res) => {
    asked++
    res.writeHead(answer.status).end(answer.body)
  })
  pinned = { kind: 'local', base: server.url, origin: server.url }
  return () => server.close()
})

interface Token {
  claims?: Record<string, unknown>
  header?: { alg: string; kid?: string }
  key?: CryptoKey | Uint8Array
}

async function idToken({
  claims = {},
  header = { alg: 'RS256', kid: '264' },
  key = release.privateKey,
}: Token): Promise<string> {
  const usual = {
    iss: pinned.base,
    sub: subject,
    aud: clientId,
    exp: now / 1000 + 120,
    iat: now / 1000,
    nonce,
    at_hash: atHash,
  }
  return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ typ: 'JWT', ...header }).sign(key)
}

async function verify(token: string | undefined, change: Partial<TokenSet> = {}): Promise<unknown> {
  const tokens: TokenSet = {
    accessToken,
    tokenType: 'Bearer',
    instanceUrl: 'https://acme.my.salesforce.com',
    expirySource: 'unknown',
    identity,
    ...(token !== undefined && { idToken: token }),
    ...change,
  }
  const keys = createKeySource(createHttpClient())
  const answering: LoginHost = {
    kind: 'public',
    base: 'https://login.salesforce.com',
    origin: 'https://login.salesforce.com',
  }
  return verifyIdToken(tokens, { login: answering, pinned, clientId, nonce, keys, now })
}

async function refusal(token: string | undefined, change?: Partial<TokenSet>): Promise<Error> {
  const failure: unknown = await verify(token, change).catch((error: unknown) => error)
  if (!(failure instanceof Error)) throw new Error('The ID token was accepted')
  expect(inspect(failure, { depth: 10, showHidden: true })).not.toMatch(/PLANTED|ada@acme/)
  return failure
}

describe('an ID token passes', () => {
  it.each<[what: string, token: Token]>([
    ['as Salesforce makes it', {}],
    ['for several audiences, joined by commas', { claims: { aud: `${clientId},https://api.example.com` } }],
    ['for several audiences, joined by commas and blanks', { claims: { aud: `https://api.example.com, ${clientId}` } }],
    ['for several audiences in a list', { claims: { aud: ['https://api.example.com', clientId] } }],
    ['without at_hash', { claims: { at_hash: undefined } }],
    ['issued by the host that answered the tokens', { claims: { iss: 'https://login.salesforce.com' } }],
    ['issued by the instance', { claims: { iss: 'https://acme.my.salesforce.com' } }],
    ['of a clock that is 50 s behind', { claims: { exp: now / 1000 - 50 } }],
    ['with a subject on another host', { claims: { sub: subject.replace('login', 'test') } }],
  ])('%s', async (_what, token) => {
    expect(await verify(await idToken(token))).toMatchObject({ nonce })
  })
})

describe('an ID token is refused', () => {
  const symmetric = new TextEncoder().encode(JSON.stringify(jwks.keys[0]))
  it.each<[what: string, token: Token, code: string, says: RegExp]>([
    ['of an unknown kid', { header: { alg: 'RS256', kid: '999' } }, 'token/id-token-invalid', /key/],
    ['signed by a stranger', { key: stranger.privateKey }, 'token/id-token-invalid', /key/],
    [
      'with HS256 over the public key',
      { header: { alg: 'HS256', kid: '264' }, key: symmetric },
      'token/id-token-invalid',
      /key/,
    ],
    ['of a foreign issuer', { claims: { iss: 'https://evil.example' } }, 'token/id-token-issuer', /host/],
    [
      'of an issuer with a slash',
      { claims: { iss: 'https://login.salesforce.com/' } },
      'token/id-token-issuer',
      /host/,
    ],
    [
      'of an issuer that is a list',
      { claims: { iss: ['https://login.salesforce.com'] } },
      'token/id-token-issuer',
      /host/,
    ],
    ['for another app', { claims: { aud: 'other' } }, 'token/id-token-audience', /another app/],
    [
      'for an app whose name contains ours',
      { claims: { aud: `${clientId}x` } },
      'token/id-token-audience',
      /another app/,
    ],
    ['for no app', { claims: { aud: '' } }, 'token/id-token-audience', /another app/],
    ['for a number', { claims: { aud: 5 } }, 'token/id-token-audience', /another app/],
    ['for a list of odd things', { claims: { aud: [5, null, {}] } }, 'token/id-token-audience', /another app/],
    ['for an object', { claims: { aud: { a: clientId } } }, 'token/id-token-audience', /another app/],
    ['of another login', { claims: { nonce: 'other' } }, 'token/id-token-nonce', /another login/],
    ['without nonce', { claims: { nonce: undefined } }, 'token/id-token-nonce', /another login/],
    ['with a nonce in a list', { claims: { nonce: [nonce] } }, 'token/id-token-nonce', /another login/],
    ['after its end', { claims: { exp: now / 1000 - 61 } }, 'token/id-token-expired', /expired/],
    ['with an end that is no number', { claims: { exp: 'soon' } }, 'token/id-token-invalid', /exp/],
    ['before its time', { claims: { nbf: now / 1000 + 61 } }, 'token/id-token-invalid', /nbf/],
    ['without exp', { claims: { exp: undefined } }, 'token/id-token-invalid', /exp/],
    ['without sub', { claims: { sub: undefined } }, 'token/id-token-invalid', /sub/],
    ['of another access token', { claims: { at_hash: 'x' } }, 'token/id-token-invalid', /access token/],
    ['with at_hash null', { claims: { at_hash: null } }, 'token/id-token-invalid', /access token/],
    [
      'of another user',
      { claims: { sub: subject.replace('005x00000012Q9PAAU', '005x00000012Q9QAAU') } },
      'token/id-token-subject',
      /another user/,
    ],
    ['of a subject that is no identity URL', { claims: { sub: 'ada' } }, 'token/id-token-subject', /another user/],
    ['of a subject that is a number', { claims: { sub: 5 } }, 'token/id-token-subject', /another user/],
  ])('%s', async (...[_what, token, code, says]) => {
    const failure = await refusal(await idToken({ ...token, claims: { email: 'ada@acme.example', ...token.claims } }))
    expect(failure).toBeInstanceOf(TokenError)
    expect(failure).toMatchObject({ code, message: expect.stringMatching(says), hint: expect.stringMatching(/\w{4}/) })
  })

  it.each([
    ['unsigned', () => `${base64url.encode('{"alg":"none"}')}.${base64url.encode(JSON.stringify({ nonce }))}.`],
    ['that is no JWT', () => 'PLANTED'],
    [
      'with its claims exchanged',
      async () => (await idToken({})).replace(/\.[^.]+\./, `.${base64url.encode('{"sub":"x"}')}.`),
    ],
  ])('%s', async (_what, make) => {
    expect(await refusal(await make())).toMatchObject({ code: 'token/id-token-invalid' })
  })

  it('when it is missing', async () => {
    expect(await refusal(undefined)).toMatchObject({
      code: 'token/id-token-missing',
      hint: expect.stringMatching(/scope openid/),
    })
  })

  it('of another org than the token answer', async () => {
    const change = { identity: { ...identity, orgId: '00Dx0000000BV7yEAG' } }
    expect(await refusal(await idToken({}), change)).toMatchObject({ code: 'token/id-token-subject' })
  })
})

describe('keys that cannot be fetched are a TransportError, not a bad token', () => {
  it.each([
    ['a maintenance page', { status: 503, body: '<html>' }, 'net/server-error'],
    ['a page in place of keys', { status: 200, body: '<html>' }, 'net/not-json'],
    ['no keys there', { status: 404, body: '' }, 'net/not-json'],
    ['a list', { status: 200, body: '[]' }, 'net/not-json'],
    ['a redirect', { status: 302, body: '' }, 'net/redirected'],
    ['an answer without end', { status: 200, body: 'x'.repeat(2 * 1024 * 1024) }, 'net/too-large'],
  ])('%s', async (_what, broken, code) => {
    answer = broken
    const failure = await refusal(await idToken({})).finally(
      () => (answer = { status: 200, body: JSON.stringify(jwks) }),
    )
    expect(failure).toBeInstanceOf(TransportError)
    expect(failure).toMatchObject({ code })
  })

  it('no URL out of the token is fetched', async () => {
    asked = 0
    const header = { alg: 'RS256', kid: '264', jku: 'http://127.0.0.1:9/keys', x5u: 'http://127.0.0.1:9/x5u' }
    await verify(await idToken({ header }))
    expect(asked).toBe(1)
  })
})
