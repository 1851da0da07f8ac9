import { describe, expect, it } from 'vitest'
import { clientCredentials } from '../../src/flows/index.ts'
import { clientSecretPost, createDpopKey, memoryStore, openTokenEndpoint } from '../../src/index.ts'
import type { Fetch, SalesforceAuthOptions } from '../../src/index.ts'
import { outcome, tell } from '../session/harness.ts'
import type { Story } from '../session/harness.ts'
import { failureOf } from '../wire/refusals.ts'
import { hostileFetch } from './hostile.ts'
import type { Answer } from './hostile.ts'

/** What Salesforce says to somebody who spends a refresh token. */
async function spendElsewhere({ sim }: Story, token: string): Promise<number> {
  const { clientId, clientSecret } = sim.app()
  const members = {
    grant_type: 'refresh_token',
    refresh_token: token,
    client_id: clientId,
    client_secret: clientSecret,
  }
  const body = new URLSearchParams(members)
  return (await fetch(`${sim.org().url}/services/oauth2/token`, { method: 'POST', body })).status
}

const revocations = ({ sim }: Story): number => sim.requests.filter(({ path }) => path.endsWith('/revoke')).length

async function logInWith(change: (answer: Answer) => Answer) {
  const hostile = hostileFetch()
  const given: string[] = []
  hostile.answer((answer) => {
    given.push(String(answer['refresh_token']))
    return change(answer)
  })
  await using story = await tell({ fetch: hostile.fetch })
  const agent = story.browser()
  const start = await agent.get('/auth/login')
  const callback = await story.sim.signIn(start.headers.get('location') ?? '')
  const result = await outcome(await agent.get(callback.href))
  await expect.poll(() => revocations(story), { timeout: 3_000 }).toBeGreaterThan(0)
  const foreign = hostile.asked.filter((url) => new URL(url).hostname !== '127.0.0.1')
  return { result, foreign, spent: await spendElsewhere(story, given[0] ?? '') }
}

describe('tokens that are refused after Salesforce gave them', () => {
  it.each<[string, (answer: Answer) => Answer, string]>([
    ['of a foreign instance', (answer) => ({ ...answer, instance_url: 'https://evil.example' }), 'foreign-instance'],
    ['in a malformed answer', (answer) => ({ ...answer, issued_at: 'yesterday' }), 'malformed-answer'],
    ['without an owner', (answer) => ({ ...answer, id: undefined, signature: undefined }), ''],
    ['with a wrong signature', (answer) => ({ ...answer, issued_at: '1700000000000' }), 'signature-mismatch'],
  ])('%s are revoked, at the login host', async (_, change, code) => {
    const { result, foreign, spent } = await logInWith(change)
    expect(result).toContain(`502 token/${code}`)
    expect([foreign, spent]).toEqual([[], 400])
  })

  it('because they are not bound are revoked', async () => {
    const unproven: Fetch = (input, init) => {
      const headers = new Headers(init?.headers)
      headers.delete('dpop')
      return hostile.fetch(input, { ...init, headers })
    }
    const given: string[] = []
    const hostile = hostileFetch()
    hostile.answer((answer) => {
      given.push(String(answer['refresh_token']))
      return answer
    })
    await using story = await tell({ fetch: unproven, dpop: { key: await createDpopKey() } })
    const agent = story.browser()
    const to = new URL((await agent.get('/auth/login')).headers.get('location') ?? '')
    to.searchParams.delete('dpop_jkt')
    expect(await outcome(await agent.get((await story.sim.signIn(to.href)).href))).toBe('502 token/not-bound')
    await expect.poll(() => revocations(story), { timeout: 3_000 }).toBe(1)
    expect(await spendElsewhere(story, given[0] ?? '')).toBe(400)
  })

  it('do not make the error wait for the revocation, or fail with it', async () => {
    await using story = await tell()
    const { clientId, clientSecret } = story.sim.app()
    const hostile = hostileFetch()
    hostile.answer((answer) => ({ ...answer, instance_url: 'https://evil.example' }))
    const asked: string[] = []
    const stuck: Fetch = (input, init) => {
      const { url } = new Request(input)
      if (!url.endsWith('/revoke')) return hostile.fetch(input, init)
      asked.push(url)
      return Promise.reject(new TypeError('fetch failed'))
    }
    const endpoint = openTokenEndpoint({
      loginUrl: story.sim.org().url,
      clientId,
      clientAuthentication: clientSecretPost(clientSecret),
      fetch: stuck,
      logger: () => undefined,
    })
    const before = performance.now()
    expect(await failureOf(clientCredentials(endpoint))).toMatchObject({ code: 'token/foreign-instance' })
    expect(performance.now() - before).toBeLessThan(1_000)
    expect(asked[0]).toBe(`${story.sim.org().url}/services/oauth2/revoke`)
  })
})

const OTHER = '00D000000000001'
const homes: Record<string, () => SalesforceAuthOptions> = {
  'the session in the cookie': () => ({}),
  'the session in a store': () => ({ session: { store: memoryStore() } }),
}
const spoiled: [string, (answer: Answer) => Answer][] = [
  [
    'token/org-changed',
    (answer) => ({ ...answer, signature: undefined, id: String(answer['id']).replace(/\/00D[^/]+/, `/${OTHER}`) }),
  ],
  ['token/malformed-answer', (answer) => ({ ...answer, token_type: 'MAC' })],
]

describe.each(Object.entries(homes))('a refresh with an answer that cannot be used, with %s', (_, home) => {
  it.each(spoiled)('%s, leaves the session alone when nothing was rotated', async (code, change) => {
    const hostile = hostileFetch()
    await using story = await tell({ ...home(), fetch: hostile.fetch })
    const agent = await story.login()
    story.sim.expireAccessTokens()
    hostile.answer(change)
    expect(await outcome(await agent.get('/call'))).toBe(`502 ${code}`)
    hostile.answer((answer) => answer)
    expect(await outcome(await agent.get('/call'))).toBe('200')
    expect(revocations(story)).toBe(0)
  })

  it('does not revoke the refresh token that it repeats', async () => {
    const hostile = hostileFetch()
    let held: unknown
    hostile.answer((answer) => {
      held = answer['refresh_token']
      return answer
    })
    await using story = await tell({ ...home(), fetch: hostile.fetch })
    const agent = await story.login()
    story.sim.expireAccessTokens()
    hostile.answer((answer) => ({ ...answer, token_type: 'MAC', refresh_token: held }))
    expect(await outcome(await agent.get('/call'))).toBe('502 token/malformed-answer')
    hostile.answer((answer) => answer)
    expect(await outcome(await agent.get('/call'))).toBe('200')
    expect(revocations(story)).toBe(0)
  })

  it.each(spoiled)('%s, revokes what was rotated and makes one more attempt', async (code, change) => {
    const hostile = hostileFetch()
    const given: string[] = []
    await using story = await tell({ ...home(), fetch: hostile.fetch })
    const { sim } = story
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const agent = await story.login()
    sim.expireAccessTokens()
    hostile.answer((answer) => {
      given.push(String(answer['refresh_token']))
      return change(answer)
    })
    expect(await outcome(await agent.get('/call'))).toBe(`502 ${code}`)
    await expect.poll(() => revocations(story), { timeout: 3_000 }).toBe(1)
    expect(await spendElsewhere(story, given[0] ?? '')).toBe(400)
    story.forget()
    expect(await outcome(await agent.get('/call'))).toBe('401 token/refresh-answer-lost')
    expect(await outcome(await agent.get('/call'))).toBe('401 session/missing')
    expect(story.tokenRequests()).toBe(1)
  })
})
