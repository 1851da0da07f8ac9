import { fileURLToPath } from 'node:url'
import { freePort } from '@orgpass/testing'
import { bundleWorker, serveWorker } from '@orgpass/testing/runtimes'
import type { ServedProcess } from '@orgpass/testing/runtimes'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ask } from './worker/worker.ts'

interface Held {
  fence: number
  aborted: boolean
  from: number
  to: number
}

let worker: ServedProcess
let keys = 0
const newKey = (): string => `salesforce:session:${++keys}`

beforeAll(async () => {
  const code = await bundleWorker(fileURLToPath(new URL('worker/worker.ts', import.meta.url)))
  worker = await serveWorker(code, { port: await freePort(), durableObjects: { SESSIONS: 'OrgpassStore' } })
})
afterAll(() => worker.close())

async function ask<T>(command: Ask): Promise<T> {
  const response = await fetch(worker.url, { method: 'POST', body: JSON.stringify(command) })
  const answer = (await response.json()) as T
  if (response.status !== 200) throw new Error(JSON.stringify(answer))
  return answer
}

const hold = (key: string, how: Ask['hold']): Promise<Held> => ask({ key, ...(how && { hold: how }) })

describe('values', () => {
  it('are kept, replaced and deleted, each under its own key', async () => {
    const [key, other] = [newKey(), newKey()]
    expect(await ask({ key, get: true })).toBeNull()
    expect(await ask({ key, set: { value: 'one', ttl: 60_000 } })).toBe(true)
    expect(await ask({ key, set: { value: 'two', ttl: 60_000 } })).toBe(true)
    expect([await ask({ key, get: true }), await ask({ key: other, get: true })]).toEqual(['two', null])
    await ask({ key, delete: true })
    expect(await ask({ key, get: true })).toBeNull()
  })

  it('end with their time to live', async () => {
    const key = newKey()
    await ask({ key, set: { value: 'short', ttl: 150 } })
    expect(await ask({ key, get: true })).toBe('short')
    await sleep(200)
    expect(await ask({ key, get: true })).toBeNull()
  })

  it.each([
    ['empty', ''],
    ['with every kind of character', '\u0000"\\\n ü 😀'],
    ['of 100,000 characters', 'x'.repeat(100_000)],
  ])('may be %s', async (_, value) => {
    const key = `${newKey()} ü/😀?#\n`
    await ask({ key, set: { value, ttl: 60_000 } })
    expect(await ask({ key, get: true })).toBe(value)
  })
})

describe('the lock', () => {
  it('is held by one at a time, in whichever request, with a growing fence', async () => {
    const key = newKey()
    const held = await Promise.all(Array.from({ length: 20 }, () => hold(key, { for: 10, add: true })))
    expect(await ask({ key, get: true })).toBe('20')
    const byFence = held.toSorted((a, b) => a.fence - b.fence)
    expect(new Set(byFence.map(({ fence }) => fence)).size).toBe(20)
    for (const [i, { from }] of byFence.entries()) expect(from).toBeGreaterThanOrEqual(byFence[i - 1]?.to ?? 0)
  })

  it('of one key does not wait for that of another', async () => {
    const slow = hold(newKey(), { for: 2_000 })
    const fast = await hold(newKey(), { for: 0 })
    expect(fast.to).toBeLessThan((await slow).to)
  })

  it('is renewed while the work goes on, however long', async () => {
    const key = newKey()
    const first = hold(key, { for: 900, lease: 300 })
    await sleep(100)
    const [one, two] = [await first, await hold(key, { for: 0, lease: 300 })]
    expect(one.aborted).toBe(false)
    expect(two.from).toBeGreaterThanOrEqual(one.to)
  })

  it('is free again when the work fails', async () => {
    const key = newKey()
    await expect(hold(key, { for: 0, fail: true })).rejects.toThrow('the work failed')
    const before = performance.now()
    await hold(key, { for: 0 })
    expect(performance.now() - before).toBeLessThan(5_000)
  })

  it('of a holder that died is free when its lease ends, and its late writes are refused', async () => {
    const key = newKey()
    const dead = await ask<number>({ key, raw: { ask: 'acquire', lease: 300 } })
    expect(await ask({ key, set: { value: 'by the first', ttl: 60_000, fence: dead } })).toBe(true)
    const next = await hold(key, { for: 0 })
    expect(next.fence).toBeGreaterThan(dead)
    expect(await ask({ key, raw: { ask: 'renew', fence: dead, lease: 300 } })).toBe(false)
    expect(await ask({ key, set: { value: 'too late', ttl: 60_000, fence: dead } })).toBe(false)
    expect(await ask({ key, get: true })).toBe('by the first')
    expect(await ask({ key, set: { value: 'by the next', ttl: 60_000, fence: next.fence } })).toBe(true)
  })

  it('tells its holder when somebody else has it', async () => {
    const key = newKey()
    expect(await hold(key, { for: 400, lease: 300, lose: true })).toMatchObject({ aborted: true })
  })
})
