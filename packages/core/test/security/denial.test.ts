import { describe, expect, it } from 'vitest'
import { acceptCommunityUrl } from '../../src/org/hosts.ts'
import type { LoginHost } from '../../src/org/hosts.ts'
import { verifySignature } from '../../src/oauth/signature.ts'
import { tell } from '../session/harness.ts'

const LOGIN: LoginHost = {
  kind: 'my-domain',
  base: 'https://acme.my.salesforce.com',
  origin: 'https://acme.my.salesforce.com',
}

async function duration(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** How often longer one input takes than another: about the ratio of their lengths when the work is linear. */
async function growth(work: (length: number) => unknown): Promise<number> {
  await work(100)
  const short = await duration(() => work(2_000))
  return (await duration(() => work(16_000))) / Math.max(short, 1)
}

describe('inputs made to be slow', () => {
  // `/\/+$/` would try every slash as the beginning of the end: quadratic, and asked before the origin is checked.
  it('reads a community address in time that grows with its length', async () => {
    expect(
      await growth((length) => acceptCommunityUrl(`${LOGIN.origin}${'/'.repeat(length)}a`, LOGIN, [])),
    ).toBeLessThan(20)
  })

  // `/=+$/`, the same way: 1 MiB of it, which is what an answer may have, takes many minutes.
  it('reads the signature of a token answer in time that grows with its length', async () => {
    const check = (length: number): Promise<unknown> =>
      verifySignature(
        {
          accessToken: 't',
          tokenType: 'Bearer',
          instanceUrl: LOGIN.origin,
          expirySource: 'unknown',
          identityUrl: `${LOGIN.origin}/id/x`,
          signature: { value: `${'='.repeat(length)}a`, issuedAt: '1700000000000' },
        },
        ['secret'],
      ).catch(() => undefined)
    expect(await growth(check)).toBeLessThan(20)
  })

  it('answers a request with a hundred made-up login cookies, and clears them', async () => {
    await using story = await tell()
    const cookie = Array.from({ length: 120 }, (_, i) => `salesforce.tx.x${i}=`).join('; ')
    const reply = await story.browser().get('/auth/login', { headers: { cookie } })
    expect(reply.status).toBe(302)
    expect(reply.headers.getSetCookie().length).toBe(117)
  })

  it('keeps the cookies of logins that another site begins far below what servers refuse', async () => {
    await using story = await tell()
    const agent = story.browser()
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    for (const letter of ['x', '€']) {
      for (let i = 0; i < 8; i++) {
        const returnTo = encodeURIComponent(`/${letter.repeat(letter === 'x' ? 990 : 108)}`)
        expect((await agent.get(`/auth/login?returnTo=${returnTo}`, { headers })).status).toBe(302)
      }
      const size = agent.cookies.all().reduce((sum, { name, value }) => sum + name.length + value.length, 0)
      expect([size > 3_000, size < 5_000]).toEqual([true, true])
    }
  })

  it('refuses a form beyond 64 KiB', async () => {
    await using story = await tell()
    const reply = await fetch(`${story.url}/auth/logout`, {
      method: 'POST',
      headers: { origin: story.url, 'content-type': 'application/x-www-form-urlencoded' },
      body: `returnTo=/${'a'.repeat(70_000)}`,
    })
    expect(reply.status).toBe(413)
  })
})
