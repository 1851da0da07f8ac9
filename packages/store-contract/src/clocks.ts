import { describe, expect } from 'vitest'
import { hold, MINUTE, sleep } from './stage.ts'
import type { Stage } from './stage.ts'

const HOUR = 3_600_000

export function describeClocks(stage: Stage): void {
  describe.each([
    ['ahead', HOUR],
    ['behind', -HOUR],
  ])('a client whose clock is an hour %s', (_, skew) => {
    async function skewed<T>(work: () => Promise<T>): Promise<T> {
      const now = Date.now.bind(Date)
      Date.now = () => now() + skew
      try {
        return await work()
      } finally {
        Date.now = now
      }
    }

    stage.needs('clock')('keeps and finds values for as long as they live', async () => {
      const store = await stage.client()
      const [before, short, long] = [stage.key(), stage.key(), stage.key()]
      await store.set(before, 'x', { ...MINUTE, owner: before })
      await skewed(async () => {
        expect([await store.get(before), await store.list(before)]).toEqual(['x', [before]])
        await store.set(short, 'x', { ttl: 400, owner: short })
        await store.set(long, 'x', { ...MINUTE, owner: long })
        expect([await store.get(short), await store.list(short)]).toEqual(['x', [short]])
      })
      await sleep(500)
      expect([await store.get(short), await store.list(short)]).toEqual([undefined, []])
      expect([await store.get(long), await store.list(long)]).toEqual(['x', [long]])
    })

    stage.needs('clock')('gets no lock that somebody holds, and keeps its own', async () => {
      const [right, wrong] = [await stage.client(), await stage.client({ lease: 600, lockTimeout: 300 })]
      const [key, own] = [stage.key(), stage.key()]
      const held = await hold(right, key)
      await skewed(async () => {
        await expect(wrong.withLock(key, async () => 'in')).rejects.toThrow(Error)
        const mine = await hold(wrong, own)
        await sleep(900)
        expect(mine.lease.signal.aborted, 'a holder that keeps its lock was told that it lost it').toBe(false)
        const written = await wrong.set(own, 'x', { ...MINUTE, fence: mine.lease.fence })
        expect(written, 'the holder whose clock is wrong may write, and was refused').toBe(true)
        await mine.release()
      })
      expect(held.lease.signal.aborted, 'a holder that keeps its lock was told that it lost it').toBe(false)
      const next = await right.withLock(own, async ({ fence }) => right.set(own, 'y', { ...MINUTE, fence }))
      expect(next, 'the next holder may write, and was refused').toBe(true)
      await held.release()
    })
  })
}
