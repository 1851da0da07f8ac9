import { createAgent, listen } from '@orgpass/testing'
import { describe, expect, it } from 'vitest'
import { createSalesforceAuth, memoryStore } from '../../src/index.ts'
import { nodeExchange } from '../../src/node.ts'
import { readChunked, readCookie } from '../../src/session/cookie.ts'
import { outcome, SECRET, signIn, tell } from '../session/harness.ts'
import type { Story } from '../session/harness.ts'

const SID = 'salesforce.sid'
const homes = {
  'the session in the cookie': () => ({}),
  'the session in a store': () => ({ session: { store: memoryStore() } }),
}

async function me(story: Story, cookie: string): Promise<unknown> {
  return (await fetch(`${story.url}/me`, { headers: { cookie } })).json()
}

describe.each(Object.entries(homes))('sessions, with %s', (_, home) => {
  it('begin with an identity of their own, whatever the browser brought', async () => {
    await using story = await tell(home())
    const attacker = await story.login('grace@acme.example')
    const planted = attacker.cookies.get(SID) ?? ''
    const victim = story.browser()
    victim.cookies.set(`${SID}=${planted}; Path=/`)
    await signIn(story.sim, victim, 'ada@acme.example')
    expect(victim.cookies.get(SID)).not.toBe(planted)
    expect(await me(story, `${SID}=${planted}`)).toBeNull()
  })

  it('do not open from made-up, cut, lengthened or mixed cookies', async () => {
    await using story = await tell(home())
    const [a, b] = [await story.login(), await story.login('grace@acme.example')].map(
      (agent) => agent.cookies.get(SID) ?? '',
    ) as [string, string]
    const middle = Math.floor(a.length / 2)
    const bad = [
      '',
      'x',
      '2:',
      `2:${a}`,
      `9:${a}`,
      a.slice(0, -1),
      `${a}A`,
      `"${a}"`,
      a.slice(0, middle) + b.slice(middle),
      `${a.slice(0, -22)}${b.slice(-22)}`,
      a.replace(/^[^.]*/, btoa('{"alg":"none"}')),
      '__proto__',
      'A'.repeat(43),
      '.'.repeat(8_000),
    ]
    for (const value of bad) expect(await me(story, `${SID}=${value}`)).toBeNull()
    for (const cookie of [`${SID}=2:${a.slice(0, middle)}; ${SID}.1=${b.slice(middle)}`, `x${SID}=${a}`]) {
      expect(await me(story, cookie)).toBeNull()
    }
    expect(await me(story, `${SID}=${a}`)).not.toBeNull()
  })

  it('are not answered for one another, however often they alternate', async () => {
    await using story = await tell(home())
    const agents = [await story.login(), await story.login('grace@acme.example')]
    const ids = await Promise.all(
      agents.map(async (agent) => (await (await agent.get('/me')).json()) as { userId: string }),
    )
    expect(ids[0]?.userId).not.toBe(ids[1]?.userId)
    for (let i = 0; i < 20; i++) {
      const seen = (await (await agents[i % 2]?.get('/me'))?.json()) as { userId: string }
      expect(seen.userId).toBe(ids[i % 2]?.userId)
    }
  })

  it('of one instance are nothing to an instance of another name', async () => {
    await using story = await tell(home())
    await using other = await tell({ ...home(), name: 'partner' })
    const value = (await story.login()).cookies.get(SID) ?? ''
    expect(await me(other, `partner.sid=${value}; ${SID}=${value}`)).toBeNull()
  })

  // The list is asked at login only: taking an org off it, or sharing a secret with a laxer deployment, changes nothing.
  it('end when their org is no longer allowed', async () => {
    const store = home()
    await using lax = await tell(store)
    await using strict = await tell({ ...store, allowedOrgs: ['00D000000000001EAA'] })
    const value = (await lax.login()).cookies.get(SID) ?? ''
    expect(await me(strict, `${SID}=${value}`)).toBeNull()
  })
})

describe('cookies', () => {
  it('have names and attributes on https that no subdomain can write', async () => {
    await using server = Object.assign(
      await listen((req, res) => {
        void kit
          .open(nodeExchange(req, res))
          .handle()
          .then((reply) => res.writeHead(reply?.status ?? 404).end())
      }),
      {
        async [Symbol.asyncDispose]() {
          await server.close()
        },
      },
    )
    const kit = createSalesforceAuth(
      {
        clientId: 'id',
        clientSecret: 'secret',
        loginUrl: 'https://acme.my.salesforce.com',
        baseUrl: 'https://app.example.com',
        session: { secret: SECRET },
      },
      {},
    )
    const reply = await createAgent(server.url).get('/auth/login')
    expect(reply.headers.getSetCookie()).toHaveLength(1)
    for (const line of reply.headers.getSetCookie()) {
      expect(line).toMatch(
        /^__Host-salesforce\.tx\.[\w-]+=[\w.-]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/,
      )
    }
    expect(reply.headers.get('cache-control')).toBe('no-store')
  })

  it.each([
    ['an unusual space in front of its name', `\u2000${SID}=evil`],
    ['a hard space in front of its name', `\u00a0${SID}=evil`],
    ['a tab in front of its name', `\t${SID}=evil`],
    ['its name in another case', `${SID.toUpperCase()}=evil`],
    ['its name inside a value', `other="; x${SID}=evil"`],
    ['a version in front', `$Version=1; other=${SID}=evil`],
  ])('are not taken from one with %s', (_, header) => expect(readCookie(header, SID)).toBeUndefined())

  it('are read once: the first of a name', () => {
    expect(readCookie(`${SID}=first; ${SID}=second`, SID)).toBe('first')
  })

  it('count as absent when a chunk is missing', () => {
    expect(readChunked(`${SID}=3:abc; ${SID}.1=d`, SID)).toBeUndefined()
  })
})

describe('authenticated answers', () => {
  it('are not for caches when they carry a cookie', async () => {
    let now = Date.now()
    await using story = await tell({ now: () => now })
    const agent = await story.login()
    now += 3 * 3_600_000
    const reply = await agent.get('/me')
    expect(reply.headers.getSetCookie()).not.toEqual([])
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(await outcome(reply)).toBe('200')
  })
})
