import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startRedis } from '@orgpass/testing/services'
import type { Service } from '@orgpass/testing/services'
import { createClient } from 'redis'
import { afterAll, describe, expect, it } from 'vitest'
import { redisStore } from '../src/index.ts'

const redis = await startRedis('redis', { own: true })
afterAll(() => redis?.stop())

function startProcess(...args: readonly string[]): ChildProcess {
  const main = fileURLToPath(new URL('process/holder.ts', import.meta.url))
  const flags = ['--conditions=@orgpass/source', main, (redis as Service).url, ...args]
  return spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function connected(): Promise<{ store: ReturnType<typeof redisStore>; close: () => void }> {
  const client = createClient({ url: (redis as Service).url, disableOfflineQueue: true })
  client.on('error', () => undefined)
  await client.connect()
  return { store: redisStore(client), close: () => client.destroy() }
}

describe.skipIf(redis === undefined)('processes', () => {
  it('take turns, each a hundred times', async () => {
    const key = crypto.randomUUID()
    const all = Array.from({ length: 4 }, () => startProcess(key, '5000', '100'))
    const codes = await Promise.all(all.map(async (child) => (await once(child, 'exit'))[0] as number))
    const { store, close } = await connected()
    expect([codes, await store.get(key)]).toEqual([[0, 0, 0, 0], '400'])
    close()
  })

  it.each([1, 2, 3])('that are killed give up their lock with its lease, round %i', async () => {
    const key = crypto.randomUUID()
    const child = startProcess(key, '1000')
    const [line] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [Buffer]
    const dead = Number(line.toString())
    const { store, close } = await connected()
    expect(await store.set(key, 'in time', { ttl: 60_000, fence: dead })).toBe(true)
    child.kill('SIGKILL')
    const killedAt = performance.now()
    const next = await store.withLock(key, async ({ fence }) => {
      expect(await store.set(key, 'late', { ttl: 60_000, fence: dead })).toBe(false)
      return fence
    })
    expect(performance.now() - killedAt).toBeLessThan(2_500)
    expect([next > dead, await store.get(key)]).toEqual([true, 'in time'])
    close()
  })
})
