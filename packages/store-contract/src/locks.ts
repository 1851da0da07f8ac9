import type { KeyValueStore } from '@orgpass/core/store'
import { describe, expect, it } from 'vitest'
import { hold, MINUTE, sleep } from './stage.ts'
import type { Stage } from './stage.ts'

/** Who is inside of the lock of a key, in all clients of this process. */
const inside = new Map<string, number>()

async function countUp(store: KeyValueStore, key: string): Promise<number> {
  return store.withLock(key, async ({ fence }) => {
    const holders = (inside.get(key) ?? 0) + 1
    inside.set(key, holders)
    try {
      expect(holders, 'more than one was inside of the lock at once').toBe(1)
      const before = Number((await store.get(key)) ?? 0)
      await sleep(Math.random() * 3)
      const written = await store.set(key, String(before + 1), { ...MINUTE, fence })
      expect(written, 'the newest holder may write, and was refused').toBe(true)
      return fence
    } finally {
      inside.set(key, (inside.get(key) ?? 1) - 1)
    }
  })
}

export function describeLocks(stage: Stage): void {
  describe('the lock', () => {
    it('is held by one at a time, with a growing fence', async () => {
      const store = await stage.client()
      const key = stage.key()
      const order: number[] = []
      await Promise.all(Array.from({ length: 20 }, async () => order.push(await countUp(store, key))))
      expect(await store.get(key)).toBe('20')
      expect(new Set(order).size, 'two holders got the same fence').toBe(20)
      const last = Math.max(...order)
      expect(await countUp(store, key), 'the fence did not grow').toBeGreaterThan(last)
    })

    stage.needs('clients')('is held by one client at a time', async () => {
      const key = stage.key()
      const clients = await Promise.all([1, 2, 3, 4].map(() => stage.client()))
      await Promise.all(clients.flatMap((store) => Array.from({ length: 10 }, () => countUp(store, key))))
      expect(await clients[0]?.get(key)).toBe('40')
    })

    it('of one key does not wait for that of another', async () => {
      const store = await stage.client()
      const held = await hold(store, stage.key())
      expect(await store.withLock(stage.key(), async () => 'in')).toBe('in')
      await held.release()
    })

    it.each<[how: string, work: () => Promise<never>]>([
      ['rejects', () => Promise.reject(new Error('broken'))],
      [
        'throws',
        () => {
          throw new Error('broken')
        },
      ],
    ])('is free at once when its holder %s, and the error is the same', async (_, work) => {
      const store = await stage.client()
      const key = stage.key()
      await expect(store.withLock(key, work)).rejects.toThrow('broken')
      const startedAt = Date.now()
      expect(await store.withLock(key, async () => 'in')).toBe('in')
      expect(Date.now() - startedAt).toBeLessThan(5_000)
    })

    it('is kept for as long as its holder works, beyond its lease', async () => {
      const store = await stage.client({ lease: 1_000 })
      const key = stage.key()
      const story: string[] = []
      const long = store.withLock(key, async ({ signal, fence }) => {
        await sleep(4_000)
        story.push(`first ${signal.aborted} ${await store.set(key, 'x', { ...MINUTE, fence })}`)
      })
      await sleep(50)
      await Promise.all([long, store.withLock(key, async () => story.push('second'))])
      expect(story).toEqual(['first false true', 'second'])
    })

    it('lets a value be written by its newest holder and without a fence, and by nobody else', async () => {
      const store = await stage.client()
      const [key, other] = [stage.key(), stage.key()]
      const early = await store.withLock(key, async ({ fence }) => fence)
      const late = await store.withLock(key, async ({ fence }) => fence)
      const write = (fence: number, on = key) => store.set(on, String(fence), { ...MINUTE, fence })
      const remove = (fence: number) => store.set(key, '', { ttl: 0, fence })
      expect(await write(late), 'the newest holder may write, and was refused').toBe(true)
      expect(await write(early), 'an earlier holder wrote').toBe(false)
      expect(await remove(early), 'an earlier holder deleted').toBe(false)
      expect(await store.get(key)).toBe(String(late))
      expect(await write(late, other), 'the fence of another lock let somebody write').toBe(false)
      expect(await store.get(other)).toBeUndefined()
      expect(await remove(late), 'the newest holder may delete, and was refused').toBe(true)
      expect(await store.get(key)).toBeUndefined()
      expect(await store.set(key, 'free', MINUTE), 'a write without a fence was refused').toBe(true)
    })

    it('is not a value: deleting the value leaves it held', async () => {
      const store = await stage.client({ lockTimeout: 200 })
      const key = stage.key()
      const held = await hold(store, key)
      await store.delete(key)
      const second = store.withLock(key, async () => 'in')
      await expect(second, 'a second holder got in, or the wait did not end').rejects.toThrow()
      const written = await store.set(key, 'x', { ...MINUTE, fence: held.lease.fence })
      expect(written, 'the holder may write, and was refused').toBe(true)
      await held.release()
    })

    stage.needs('clients')('is waited for no longer than it may', async () => {
      const [one, two] = [await stage.client(), await stage.client({ lockTimeout: 300 })]
      const key = stage.key()
      const held = await hold(one, key)
      const startedAt = Date.now()
      const second = two.withLock(key, async () => 'in')
      await expect(second, 'a second holder got in, or lockTimeout of open() is not passed on').rejects.toThrow(Error)
      expect(Date.now() - startedAt).toBeLessThan(5_000)
      await held.release()
      expect(await two.withLock(key, async () => 'in')).toBe('in')
    })

    stage.needs('clients')(
      'of a holder that is cut off goes to the next one when its lease ends; the late write is refused',
      async () => {
        const dying = await stage.client({ lease: 400 })
        const next = await stage.client()
        const key = stage.key()
        // Nothing runs while the event loop is blocked: the lease is not renewed, as in a process that was stopped.
        const outcome = await dying.withLock(key, async ({ fence, signal }) => {
          const until = Date.now() + 900
          while (Date.now() < until);
          const newer = next.withLock(key, async (lease) => next.set(key, 'next', { ...MINUTE, fence: lease.fence }))
          const kept = await newer
          await sleep(50)
          return { kept, late: await dying.set(key, 'late', { ...MINUTE, fence }), aborted: signal.aborted }
        })
        expect(outcome).toEqual({ kept: true, late: false, aborted: true })
        expect(await next.get(key)).toBe('next')
      },
    )

    stage.needs('clients')('of a client that goes away ends with its lease, and not before', async () => {
      const going = await stage.open({ lease: 1_000 })
      const key = stage.key()
      const held = await hold(going.store, key)
      const startedAt = performance.now()
      await going.close()
      const next = await stage.client()
      const fence = await next.withLock(key, async (lease) => lease.fence)
      expect(fence).toBeGreaterThan(held.lease.fence)
      const waited = performance.now() - startedAt
      expect([waited > 300, waited < 10_000]).toEqual([true, true])
      await sleep(Math.max(0, 1_100 - waited))
      expect(held.lease.signal.aborted, 'a holder that lost its lock was not told by its signal').toBe(true)
      await held.release()
    })
  })
}
