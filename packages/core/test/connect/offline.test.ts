import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/index.ts'
import type { SalesforceAuth } from '../../src/index.ts'
import { createSalesforceAuth } from '../../src/node.ts'
import type { ConnectStory } from './harness.ts'
import { connect, LIMITS, list, outcome, SECRET, tellConnect } from './harness.ts'

/** Connects an org for tenant-1 and answers the id of the connection. */
async function connected(story: ConnectStory, username = 'ada@acme.example'): Promise<string> {
  const agent = story.browser('tenant-1')
  await connect(story, agent, { username })
  return (await list(agent)).at(-1)?.id ?? 'none'
}

const DAY = 86_400_000

describe('a handle by id', () => {
  it('works without any request, and renews with rotation on', async () => {
    await using story = await tellConnect()
    const { sim, salesforce } = story
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const id = await connected(story)
    const handle = await salesforce.connections.get(id)
    for (let i = 0; i < 3; i++) {
      sim.expireAccessTokens()
      const calls = await Promise.all(Array.from({ length: 20 }, async () => handle?.fetch(LIMITS)))
      expect(new Set(calls.map((response) => response?.status))).toEqual(new Set([200]))
      expect(story.tokenRequests()).toBe(i + 1)
    }
    expect((await handle?.identity())?.username).toBe('ada@acme.example')
  })

  it('reads what another process renewed, and never trusts what it knew', async () => {
    await using story = await tellConnect()
    const { sim, salesforce, store } = story
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const id = await connected(story)
    const handle = await salesforce.connections.get(id)
    const { clientId, clientSecret } = sim.app()
    const options = { clientId, clientSecret, loginUrl: sim.org().url, baseUrl: story.url, connect: { store } }
    const elsewhere = createSalesforceAuth({ ...options, session: { secret: SECRET } }, {})
    sim.expireAccessTokens()
    expect((await (await elsewhere.connections.get(id))?.fetch(LIMITS))?.status).toBe(200)
    expect((await handle?.fetch(LIMITS))?.status).toBe(200)
    expect(story.tokenRequests()).toBe(1)
    await elsewhere.connections.disconnect(id)
    await expect(handle?.fetch(LIMITS)).rejects.toMatchObject({ code: 'connection/not-found' })
    await expect(handle?.describe()).rejects.toMatchObject({ code: 'connection/not-found' })
    expect(await salesforce.connections.get(id)).toBeUndefined()
  })

  it.each(['', 'nobody', 'x'.repeat(43), '../session', '\u0000'])('%j finds nothing', async (id) => {
    await using story = await tellConnect()
    expect(await story.salesforce.connections.get(id)).toBeUndefined()
  })
})

describe('in a request', () => {
  it('what must not be cut off is what the platform is asked to finish', async () => {
    await using story = await tellConnect()
    const id = await connected(story)
    const work: Promise<unknown>[] = []
    const exchange = {
      method: 'GET',
      target: '/',
      header: () => undefined,
      form: async () => new URLSearchParams(),
      setCookie: () => undefined,
      committed: false,
      waitUntil: (each: Promise<unknown>) => void work.push(each),
    }
    const { connections } = story.salesforce.open(exchange, { owner: () => 'tenant-1' }).auth
    for (const find of [
      () => connections.get(id),
      () => connections.default(),
      async () => (await connections.list())[0],
    ]) {
      story.sim.expireAccessTokens()
      work.length = 0
      expect((await (await find())?.fetch(LIMITS))?.status).toBe(200)
      expect(work).toHaveLength(1)
    }
    work.length = 0
    await connections.disconnect(id)
    expect(work).toHaveLength(1)
  })

  it('reads one record to find a connection by its id', async () => {
    const store = memoryStore()
    let reads = 0
    const counting = { ...store, get: async (key: string) => (reads++, store.get(key)) }
    await using story = await tellConnect({ connect: { store: counting } })
    const [id] = [await connected(story), await connected(story, 'grace@acme.example')]
    const agent = story.browser('tenant-1')
    reads = 0
    // Once to find it, once for the call.
    expect(await outcome(await agent.get(`/call?id=${id}`))).toBe('200')
    expect(reads).toBe(2)
  })
})

describe('a grant that Salesforce ended', () => {
  it('is written down with the reason and told once; nothing more is asked of Salesforce; a reconnect cures it', async () => {
    const told: string[] = []
    await using story = await tellConnect({
      onNeedsReconnect: ({ connection, error }) => void told.push(`${connection.owner} ${error.code}`),
    })
    const { sim, salesforce } = story
    const id = await connected(story)
    const handle = await salesforce.connections.get(id)
    sim.updateUser('ada@acme.example', { active: false })
    sim.expireAccessTokens()
    const ask = async (): Promise<unknown> => handle?.fetch(LIMITS).catch((error: unknown) => error)
    // Who finds it out hears the same as who comes later.
    const dead = { code: 'connection/needs-reconnect', needsLogin: false, status: 409 }
    expect(await Promise.all(Array.from({ length: 10 }, ask))).toMatchObject(Array.from({ length: 10 }, () => dead))
    expect(story.tokenRequests()).toBe(1)
    expect(await ask()).toMatchObject(dead)
    expect(story.tokenRequests()).toBe(1)
    expect(told).toEqual(['tenant-1 token/grant-ended'])
    expect(await handle?.describe()).toMatchObject({ status: 'needs-reconnect', reason: { code: 'token/grant-ended' } })
    const agent = story.browser('tenant-1')
    expect(await outcome(await agent.get(`/call?id=${id}`))).toBe('409 connection/needs-reconnect')

    sim.updateUser('ada@acme.example', { active: true })
    await connect(story, agent, { reconnect: id })
    expect((await handle?.fetch(LIMITS))?.status).toBe(200)
    expect(await handle?.describe()).toMatchObject({ id, status: 'connected' })
  })

  it('whose answer was lost says so, after exactly one more attempt', async () => {
    await using story = await tellConnect()
    const { sim, salesforce } = story
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const handle = await salesforce.connections.get(await connected(story))
    sim.expireAccessTokens()
    sim.faults.next('token:refresh_token', { drop: 'after' })
    await expect(handle?.fetch(LIMITS)).rejects.toMatchObject({
      code: 'connection/needs-reconnect',
      cause: { code: 'token/refresh-answer-lost' },
    })
    expect(story.tokenRequests()).toBe(2)
    expect((await handle?.describe())?.reason?.code).toBe('token/refresh-answer-lost')
  })

  it('for want of a refresh token is written down, too', async () => {
    await using story = await tellConnect({
      async fetch(input, init) {
        const answer = await fetch(input, init)
        if (!new Request(input).url.endsWith('/token')) return answer
        return Response.json({ ...((await answer.json()) as object), refresh_token: undefined })
      },
    })
    const handle = await story.salesforce.connections.get(await connected(story))
    expect((await handle?.fetch(LIMITS))?.status).toBe(200)
    story.sim.expireAccessTokens()
    await expect(handle?.fetch(LIMITS)).rejects.toMatchObject({ code: 'connection/needs-reconnect' })
    expect((await handle?.describe())?.reason?.code).toBe('token/refresh-missing')
    expect((await handle?.describe())?.status).toBe('needs-reconnect')
  })
})

it('a process with other secrets says once that it finds nobody, until everything is sealed anew', async () => {
  await using story = await tellConnect()
  await connected(story)
  const { clientId, clientSecret } = story.sim.app()
  const errors: string[] = []
  const process = (...secrets: string[]): SalesforceAuth =>
    createSalesforceAuth(
      {
        clientId,
        clientSecret,
        loginUrl: story.sim.org().url,
        baseUrl: story.url,
        session: { secret: secrets },
        connect: { store: story.store },
        logger: ({ level, event }) => level === 'error' && errors.push(event),
      },
      {},
    )
  const other = 'another secret of the tests, long enough: 9876543210'
  const wrong = process(other)
  expect([await wrong.connections.list('tenant-1'), await wrong.connections.list('tenant-2')]).toEqual([[], []])
  expect(errors).toEqual(['connection/unreadable'])
  expect(await process(SECRET).connections.list('tenant-2')).toEqual([])
  expect(await process(other, SECRET).connections.reseal()).toEqual({ resealed: 1, unreadable: 0 })
  expect(await process(other).connections.list('tenant-1')).toHaveLength(1)
  expect(await process(other).connections.list('tenant-2')).toEqual([])
  expect(errors).toEqual(['connection/unreadable'])
})

describe('disconnecting', () => {
  it('revokes, then forgets, also by the route', async () => {
    const gone: string[] = []
    await using story = await tellConnect({ onDisconnect: ({ id }) => void gone.push(id) })
    const id = await connected(story)
    const agent = story.browser('tenant-1')
    const form = { connection: id, returnTo: '/settings' }
    const answer = await agent.post('/auth/disconnect', { form })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/settings'])
    expect(story.sim.approvals('ada@acme.example')).toEqual([])
    expect([await list(agent), gone]).toEqual([[], [id]])
    expect(await outcome(await agent.post('/auth/disconnect', { form }))).toBe('404 connection/not-found')
  })

  it('forgets though Salesforce is away, and says that it could not revoke', async () => {
    await using story = await tellConnect()
    const id = await connected(story)
    story.sim.faults.next('revoke', { error: 'invalid_request' }, 1)
    expect(await story.salesforce.connections.disconnect(id)).toEqual({ revoked: false })
    expect(await story.salesforce.connections.get(id)).toBeUndefined()
  })

  it('waits for a renewal under way and revokes what that brought', async () => {
    await using story = await tellConnect()
    const { sim, salesforce } = story
    sim.updateApp(sim.app().clientId, { refreshTokenRotation: true })
    const id = await connected(story)
    const handle = await salesforce.connections.get(id)
    sim.expireAccessTokens()
    sim.faults.next('token:refresh_token', { latency: 400 })
    const call = handle?.fetch(LIMITS)
    await expect.poll(() => story.tokenRequests()).toBe(1)
    expect(await salesforce.connections.disconnect(id)).toEqual({ revoked: true })
    await call?.catch(() => undefined)
    expect(sim.approvals('ada@acme.example')).toEqual([])
  })

  it('works for a connection that needs to be reconnected', async () => {
    await using story = await tellConnect()
    const id = await connected(story)
    story.sim.updateUser('ada@acme.example', { active: false })
    story.sim.expireAccessTokens()
    await (await story.salesforce.connections.get(id))?.fetch(LIMITS).catch(() => undefined)
    await story.salesforce.connections.disconnect(id)
    expect(await story.salesforce.connections.get(id)).toBeUndefined()
  })
})

describe('keeping alive', () => {
  it('renews what was idle for long, once, and counts what it cannot', async () => {
    let ahead = 0
    await using story = await tellConnect({ now: () => Date.now() + ahead })
    const { sim, salesforce } = story
    await connected(story)
    const grace = await connected(story, 'grace@acme.example')
    expect(await salesforce.connections.keepAlive()).toEqual({ checked: 2, renewed: 0, needsReconnect: 0, failed: 0 })
    ahead = 21 * DAY
    sim.updateUser('grace@acme.example', { active: false })
    expect(await salesforce.connections.keepAlive()).toEqual({ checked: 2, renewed: 1, needsReconnect: 1, failed: 0 })
    expect(await salesforce.connections.keepAlive()).toEqual({ checked: 2, renewed: 0, needsReconnect: 1, failed: 0 })
    expect((await (await salesforce.connections.get(grace))?.describe())?.status).toBe('needs-reconnect')
    ahead = 42 * DAY
    sim.faults.next('token:refresh_token', { status: 503 }, 1)
    expect(await salesforce.connections.keepAlive()).toEqual({ checked: 2, renewed: 0, needsReconnect: 1, failed: 1 })
  })

  it('stops when told, and refuses numbers that cannot be meant', async () => {
    await using story = await tellConnect()
    await connected(story)
    const { connections } = story.salesforce
    expect(await connections.keepAlive({ signal: AbortSignal.abort() })).toMatchObject({ checked: 0 })
    await expect(connections.keepAlive({ idle: -1 })).rejects.toMatchObject({ code: 'config/invalid' })
    await expect(connections.keepAlive({ concurrency: 0 })).rejects.toMatchObject({ code: 'config/invalid' })
  })
})

describe('secrets that rotate', () => {
  const OLD = 'an old session secret of the tests, long enough: 42'
  const NEW = 'the new session secret of the tests, long enough: 7'

  it('still open and list what an old one sealed; after resealing the old one can go', async () => {
    const store = memoryStore()
    await using before = await tellConnect({ session: { secret: OLD }, connect: { store } })
    const id = await connected(before)
    const { sim, url } = before
    const { clientId, clientSecret } = sim.app()
    const at = (...secret: string[]) =>
      createSalesforceAuth(
        { clientId, clientSecret, loginUrl: sim.org().url, baseUrl: url, session: { secret }, connect: { store } },
        {},
      ).connections
    expect((await at(NEW, OLD).list('tenant-1')).map((handle) => handle.id)).toEqual([id])
    await expect(at(NEW).get(id)).rejects.toMatchObject({ code: 'connection/unreadable' })
    expect(await at(NEW).list('tenant-1')).toEqual([])
    expect(await at(NEW).reseal()).toEqual({ resealed: 0, unreadable: 1 })
    expect(await at(NEW, OLD).reseal()).toEqual({ resealed: 1, unreadable: 0 })
    expect((await at(NEW).list('tenant-1')).map((handle) => handle.id)).toEqual([id])
    expect((await (await at(NEW).get(id))?.fetch(LIMITS))?.status).toBe(200)
  })

  it('give no record of the store the place of another', async () => {
    await using story = await tellConnect()
    const one = await connected(story)
    const two = await connected(story, 'grace@acme.example')
    const sealed = await story.store.get(`salesforce:connection:${one}`)
    await story.store.set(`salesforce:connection:${two}`, sealed ?? '', { ttl: 60_000 })
    await expect(story.salesforce.connections.get(two)).rejects.toMatchObject({ code: 'connection/unreadable' })
  })
})
