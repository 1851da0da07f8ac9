import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { SalesforceAuthOptions } from '../../src/index.ts'
import { outcome, tell } from '../session/harness.ts'
import { hostileFetch } from './hostile.ts'
import type { Answer } from './hostile.ts'

interface Login {
  readonly answer: Answer
  readonly claims: Record<string, unknown>
  readonly nonce: string
}

/** What becomes of a login whose token answer is changed on its way. */
async function loginWith(
  change: (login: Login) => Answer | Promise<Answer>,
  options: SalesforceAuthOptions = {},
): Promise<{ result: string; asked: string[]; session: unknown }> {
  const hostile = hostileFetch()
  await using story = await tell({ fetch: hostile.fetch, ...options })
  const agent = story.browser()
  const start = await agent.get('/auth/login')
  const authorize = new URL(start.headers.get('location') ?? '')
  hostile.answer((answer) => {
    const [, payload = ''] = String(answer['id_token']).split('.')
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Record<string, unknown>
    return change({ answer, claims, nonce: authorize.searchParams.get('nonce') ?? '' })
  })
  const back = await agent.get((await story.sim.signIn(authorize)).href)
  const result = back.status === 303 ? 'logged in' : await outcome(back)
  const foreign = hostile.asked.filter((url) => new URL(url).hostname !== '127.0.0.1')
  const session = (await (await agent.get('/me')).json()) as unknown
  return { result, asked: foreign, session }
}

const OTHER = '00D000000000001'
const id = (answer: Answer): string => String(answer['id'])

describe('a token answer by somebody in the place of Salesforce', () => {
  it('logs in when it is left as it is', async () => {
    expect((await loginWith(({ answer }) => answer)).result).toBe('logged in')
  })

  it.each<[string, (login: Login) => Answer | Promise<Answer>, string]>([
    [
      'a foreign instance',
      ({ answer }) => ({ ...answer, instance_url: 'https://evil.example' }),
      '502 token/foreign-instance',
    ],
    [
      'a real org after a login on this machine',
      ({ answer }) => ({ ...answer, instance_url: 'https://evil.my.salesforce.com' }),
      '502 token/foreign-instance',
    ],
    [
      'another user than the ID token',
      ({ answer }) => ({ ...answer, signature: undefined, id: id(answer).replace(/.{4}$/, '0AAA') }),
      '502 token/',
    ],
    [
      'another org, signed as before',
      ({ answer }) => ({ ...answer, id: id(answer).replace(/\/00D[^/]+/, `/${OTHER}`), id_token: undefined }),
      '502 token/',
    ],
    ['no ID token', ({ answer }) => ({ ...answer, id_token: undefined }), '502 token/id-token-missing'],
    [
      'an unsigned ID token',
      ({ answer, claims }) => ({ ...answer, id_token: new UnsecuredJWT(claims).encode() }),
      '502 token/id-token-invalid',
    ],
    [
      "an ID token signed with the app's secret",
      async ({ answer, claims }) => ({
        ...answer,
        id_token: await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32)),
      }),
      '502 token/id-token-invalid',
    ],
    [
      'an ID token that brings its own key',
      async ({ answer, claims }) => {
        const { publicKey, privateKey } = await generateKeyPair('RS256')
        const header = { alg: 'RS256', jwk: await exportJWK(publicKey), jku: 'https://evil.example/keys' }
        return { ...answer, id_token: await new SignJWT(claims).setProtectedHeader(header).sign(privateKey) }
      },
      '502 token/id-token-invalid',
    ],
    [
      'another access token than the ID token was made for',
      ({ answer }) => ({ ...answer, access_token: `${String(answer['access_token'])}x` }),
      '502 token/id-token-invalid',
    ],
    [
      'a tampered signature',
      ({ answer }) => ({ ...answer, issued_at: '1700000000000' }),
      '502 token/signature-mismatch',
    ],
    [
      'an access token that breaks a header',
      ({ answer }) => ({ ...answer, access_token: 'a\r\nx-injected: 1' }),
      '502 token/malformed-answer',
    ],
    [
      'an access token that is no text',
      ({ answer }) => ({ ...answer, access_token: { toString: 1 } }),
      '502 token/malformed-answer',
    ],
  ])('does not log in with %s', async (_, change, expected) => {
    const { result, asked, session } = await loginWith(change)
    expect(result).toContain(expected)
    expect(asked).toEqual([])
    expect(session).toBeNull()
  })

  // Without `scope` the granted scope is the one asked for (RFC 6749 §5.1): the nonce must not become optional.
  it('does not log in when it leaves out the ID token and the scope', async () => {
    const { result } = await loginWith(({ answer }) => ({ ...answer, id_token: undefined, scope: undefined }))
    expect(result).toBe('502 token/id-token-missing')
  })

  it('lets nobody in from an org that is not allowed', async () => {
    const options = { allowedOrgs: ['00D000000000001EAA'] }
    expect((await loginWith(({ answer }) => answer, options)).result).toBe('403 callback/org-not-allowed')
  })

  it('does not turn a session over to another org or instance at a refresh', async () => {
    const hostile = hostileFetch()
    await using story = await tell({ fetch: hostile.fetch })
    const agent = await story.login()
    story.sim.expireAccessTokens()
    hostile.answer((answer) => ({ ...answer, signature: undefined, id: id(answer).replace(/\/00D[^/]+/, `/${OTHER}`) }))
    expect(await outcome(await agent.get('/call'))).toBe('502 token/org-changed')
    hostile.answer((answer) => ({ ...answer, instance_url: 'https://evil.example' }))
    expect(await outcome(await agent.get('/call'))).toBe('502 token/foreign-instance')
    hostile.answer((answer) => answer)
    expect(await outcome(await agent.get('/call'))).toBe('200')
    expect(hostile.asked.filter((url) => new URL(url).hostname !== '127.0.0.1')).toEqual([])
  })
})
