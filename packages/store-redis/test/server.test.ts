import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@orgpass/testing'
import { startRedis } from '@orgpass/testing/services'
import type { Service } from '@orgpass/testing/services'
import { createClient, createClientPool, createCluster, RESP_TYPES, SocketTimeoutError } from 'redis'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { redisStore } from '../src/index.ts'

const MINUTE = { ttl: 60_000 }
const redis = await startRedis('redis', { own: true })
const cluster = await startRedis('redis', { own: true, args: ['--cluster-enabled', 'yes'] })
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})
afterAll(() => Promise.all([redis?.stop(), cluster?.stop()]))

const urlOf = (server: Service | undefined): string => (server as Service).url

async function connect(server: Service | undefined, options = {}) {
  const client = createClient({ url: urlOf(server), disableOfflineQueue: true, ...options })
  client.on('error', () => undefined)
  await client.connect()
  closing.push(() => client.destroy())
  return client
}

async function keysOf(store: ReturnType<typeof redisStore>, prefix: string): Promise<string[]> {
  const found: string[] = []
  for await (const key of store.keys(prefix)) found.push(key)
  return found
}

describe.skipIf(redis === undefined)('the store on Redis', () => {
  it('reads with one command', async () => {
    const client = await connect(redis)
    const store = redisStore(client)
    await store.set('read', 'x', MINUTE)
    await client.configResetStat()
    expect(await store.get('read')).toBe('x')
    const asked = (await client.info('commandstats')).match(/^cmdstat_(?!info|config)[\w|]+:calls=\d+/gm)
    expect(asked).toEqual(['cmdstat_hget:calls=1'])
  })

  it('goes on when the server forgets its scripts', async () => {
    const client = await connect(redis)
    const store = redisStore(client)
    await store.set('script', 'x', MINUTE)
    await client.scriptFlush()
    expect(await store.withLock('script', async ({ fence }) => store.set('script', 'y', { ...MINUTE, fence }))).toBe(
      true,
    )
  })

  it('writes nothing by halves on a server that is full', async () => {
    const client = await connect(redis)
    const store = redisStore(client)
    await store.set('full', 'x', { ...MINUTE, owner: 'one' })
    await client.configSet('maxmemory', '1')
    try {
      await expect(store.set('full', 'y', { ...MINUTE, owner: 'two' })).rejects.toThrow('OOM')
      await expect(store.withLock('full', async () => 'in')).rejects.toThrow('OOM')
      expect([await store.get('full'), await store.list('one'), await store.list('two')]).toEqual(['x', ['full'], []])
    } finally {
      await client.configSet('maxmemory', '0')
    }
    expect(await store.withLock('full', async () => 'in')).toBe('in')
    await store.delete('full')
  })

  it('does not pile up what has ended, though nobody goes through the keys', async () => {
    const client = await connect(redis)
    const store = redisStore(client, { prefix: 'piles' })
    for (let i = 0; i < 300; i++) await store.set(`short ${i}`, 'x', { ttl: 1, owner: `owner ${i}` })
    await sleep(5)
    for (let i = 0; i < 300; i++) await store.set(`long ${i % 10}`, 'x', { ...MINUTE, owner: 'one' })
    expect(await client.zCard('piles:owned')).toBeLessThan(60)
    expect((await client.keys('piles:list:*')).length).toBe(1)
  })

  it('leaves nothing behind but fences, which end by themselves', async () => {
    const client = await connect(redis)
    const store = redisStore(client, { prefix: 'rests' })
    await store.withLock('a', ({ fence }) => store.set('a', 'x', { ...MINUTE, owner: 'one', fence }))
    await store.delete('a')
    expect(await client.keys('rests:*')).toEqual(['rests:fence:a'])
    expect(await client.pTTL('rests:fence:a')).toBeGreaterThan(86_000_000)
  })

  it('keeps what has other prefixes apart', async () => {
    const client = await connect(redis)
    const [one, two] = [redisStore(client, { prefix: 'one' }), redisStore(client, { prefix: 'two' })]
    await one.set('apart', '1', { ...MINUTE, owner: 'x' })
    await two.set('apart', '2', MINUTE)
    expect([await one.get('apart'), await two.get('apart')]).toEqual(['1', '2'])
    expect([await two.list('x'), await keysOf(two, '')]).toEqual([[], []])
  })

  it('takes a pool of clients', async () => {
    const pool = createClientPool({ url: urlOf(redis) })
    await pool.connect()
    closing.push(() => pool.destroy())
    const store = redisStore(pool)
    expect(await store.withLock('pool', async ({ fence }) => store.set('pool', 'x', { ...MINUTE, fence }))).toBe(true)
    expect(await store.get('pool')).toBe('x')
  })

  it('refuses a client that answers with bytes', async () => {
    const client = await connect(redis)
    const store = redisStore(client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }))
    await redisStore(client).set('bytes', 'x', MINUTE)
    await expect(store.get('bytes')).rejects.toThrow('typeMapping')
  })

  it.each([
    ['lease', { lease: 99 }],
    ['lease', { lease: Number.NaN }],
    ['lockTimeout', { lockTimeout: -1 }],
    ['timeout', { timeout: Infinity }],
  ])('refuses a %s that cannot be meant: %o', async (name, options) => {
    const client = await connect(redis)
    expect(() => redisStore(client, options)).toThrow(name)
  })
})

describe.skipIf(redis === undefined)('a server that went away', () => {
  it('fails a client that waits for it in time, too, and what that asked for may still be done', async () => {
    const server = (await startRedis('redis', { own: true })) as Service
    const client = await connect(server, { disableOfflineQueue: false })
    const store = redisStore(client, { timeout: 300 })
    await server.kill()
    const startedAt = performance.now()
    await expect(store.get('key')).rejects.toThrow('did not answer within 300 ms')
    await expect(store.withLock('key', async () => 'in')).rejects.toThrow('did not answer within 300 ms')
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    await server.start()
    await sleep(2_500)
    expect(await store.withLock('key', async () => 'in')).toBe('in')
    expect(await client.keys('orgpass:lock:*')).toEqual([])
    await server.stop()
  })
})

describe.skipIf(redis === undefined)('a connection that died without a word', () => {
  it('is made anew by a client that pings and listens for silence', async () => {
    const server = (await startRedis('redis', { own: true })) as Service
    // By default a client gives up for good after such a silence.
    const reconnectStrategy = (retries: number): number => Math.min(50 * retries, 500)
    const client = await connect(server, { pingInterval: 100, socket: { socketTimeout: 400, reconnectStrategy } })
    let silences = 0
    client.on('error', (error: unknown) => (silences += error instanceof SocketTimeoutError ? 1 : 0))
    const store = redisStore(client, { timeout: 300 })
    await store.set('key', 'x', MINUTE)
    await server.stall()
    await expect(store.get('key')).rejects.toThrow(Error)
    await eventually(() => silences > 0, { timeout: 5_000 })
    await server.resume()
    expect(await eventually(() => store.get('key'), { timeout: 10_000 })).toBe('x')
    await server.stop()
  })
})

describe.skipIf(cluster === undefined)('the store on a cluster', () => {
  it('needs a hash tag in its prefix', async () => {
    const direct = await connect(cluster)
    await direct.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383'])
    const client = createCluster({ rootNodes: [{ url: urlOf(cluster) }] })
    client.on('error', () => undefined)
    closing.push(() => client.destroy())
    const isUp = async (): Promise<boolean> => String(await direct.clusterInfo()).includes('cluster_state:ok')
    await eventually(isUp, { timeout: 10_000 })
    await client.connect()
    const store = redisStore(client, { prefix: '{orgpass}' })
    await store.set('a', 'x', { ...MINUTE, owner: 'one' })
    await store.set('a', 'y', { ...MINUTE, owner: 'two' })
    expect(
      await store.withLock('a', async ({ fence }) => store.set('a', 'z', { ...MINUTE, owner: 'two', fence })),
    ).toBe(true)
    expect([await store.get('a'), await store.list('two'), await keysOf(store, '')]).toEqual(['z', ['a'], ['a']])
    await expect(redisStore(client).set('a', 'x', MINUTE)).rejects.toThrow('CROSSSLOT')
  })
})
