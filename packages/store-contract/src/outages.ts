import type { KeyValueStore } from '@orgpass/core/store'
import { describe, expect } from 'vitest'
import { hold, MINUTE, sleep } from './stage.ts'
import type { Stage } from './stage.ts'

/** No operation may take longer than this to fail. Milliseconds. */
const BOUND = 15_000

async function eventually<T>(work: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + BOUND; ;) {
    try {
      return await work()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await sleep(100)
    }
  }
}

/** What each operation of a store fails with; all of them must, and in time. */
async function failures(store: KeyValueStore, key: string): Promise<unknown[]> {
  const startedAt = performance.now()
  const all = await Promise.all(
    [
      () => store.get(key),
      () => store.set(key, 'y', MINUTE),
      () => store.set(key, 'y', { ...MINUTE, owner: key }),
      () => store.delete(`${key}/other`),
      () => store.list(key),
      () => store.keys(key)[Symbol.asyncIterator]().next(),
      () => store.withLock(key, async () => 'in'),
    ].map(async (ask) => {
      try {
        return await ask()
      } catch (error) {
        return error
      }
    }),
  )
  expect(performance.now() - startedAt).toBeLessThan(BOUND)
  return all
}

export function describeOutages(stage: Stage): void {
  describe('a server that is killed', () => {
    stage.needs('restart')(
      'makes every operation fail within a bounded time, and clients recover by themselves',
      async () => {
        const store = await stage.client()
        const key = stage.key()
        await store.set(key, 'x', { ...MINUTE, owner: key })
        const server = stage.server()
        await server.kill()
        for (const failure of await failures(store, key)) expect(failure).toBeInstanceOf(Error)
        await server.start()
        await eventually(() => store.get(key))
        await eventually(() => store.set(key, 'z', MINUTE))
        expect(await eventually(() => store.withLock(key, async () => store.get(key)))).toBe('z')
      },
    )

    stage.needs('persistence')('still has what it kept, lists included', async () => {
      const store = await stage.client()
      const key = stage.key()
      await store.set(key, 'kept', { ...MINUTE, owner: key })
      await stage.server().kill()
      await stage.server().start()
      expect(await eventually(() => store.get(key))).toBe('kept')
      expect(await eventually(() => store.list(key))).toEqual([key])
    })

    stage.needs('restart')('leaves a lock with its holder or with nobody, never with two', async () => {
      const store = await stage.client({ lease: 1_000 })
      const key = stage.key()
      const held = await hold(store, key)
      await stage.server().kill()
      await sleep(1_200)
      expect(held.lease.signal.aborted, 'a holder that lost its lock was not told by its signal').toBe(true)
      await stage.server().start()
      const other = await stage.client({ lease: 1_000 })
      const next = () => other.withLock(key, async ({ fence }) => other.set(key, 'next', { ...MINUTE, fence }))
      expect(await eventually(next), 'the next holder may write, and was refused').toBe(true)
      const late = () => store.set(key, 'late', { ...MINUTE, fence: held.lease.fence })
      expect(await eventually(late), 'the holder from before wrote').toBe(false)
      expect(await eventually(() => other.get(key))).toBe('next')
      await held.release()
    })

    stage.needs('persistence')('and started again under load loses no write that it confirmed', async () => {
      const server = stage.server()
      const clients = await Promise.all([1, 2].map(() => stage.client({ lease: 1_500 })))
      const key = stage.key()
      const count = { tried: 0, confirmed: 0, failed: 0 }
      const busy = { going: true }
      const workers = Array.from({ length: 8 }, async (_, i) => {
        const store = clients[i % 2] as KeyValueStore
        while (busy.going) {
          // A store that answers at once would leave no turn to the clock.
          await sleep(0)
          try {
            await store.withLock(key, async ({ fence, signal }) => {
              const before = Number((await store.get(key)) ?? 0)
              if (signal.aborted) return
              count.tried++
              if (await store.set(key, String(before + 1), { ...MINUTE, fence })) count.confirmed++
            })
          } catch {
            count.failed++
            await sleep(20)
          }
        }
      })
      try {
        for (let round = 0; round < 2; round++) {
          await sleep(300)
          await server.kill()
          await sleep(100)
          await server.start()
          const before = count.confirmed
          await eventually(async () => expect(count.confirmed).toBeGreaterThan(before))
        }
      } finally {
        busy.going = false
        await Promise.all(workers)
      }
      const total = Number(await eventually(() => (clients[0] as KeyValueStore).get(key)))
      expect(total).toBeGreaterThanOrEqual(count.confirmed)
      expect(total).toBeLessThanOrEqual(count.tried)
      expect(count.failed).toBeGreaterThan(0)
    })
  })

  describe('a server that hangs', () => {
    stage.needs('stall')(
      'makes every operation fail within a bounded time, and clients recover by themselves',
      async () => {
        const store = await stage.client({ lease: 1_000, timeout: 1_500 })
        const [key, locked] = [stage.key(), stage.key()]
        await store.set(key, 'x', { ...MINUTE, owner: key })
        const held = await hold(store, locked)
        await stage.server().stall?.()
        try {
          for (const failure of await failures(store, key)) expect(failure).toBeInstanceOf(Error)
          expect(held.lease.signal.aborted, 'a holder that lost its lock was not told by its signal').toBe(true)
        } finally {
          await stage.server().resume?.()
        }
        await held.release()
        await eventually(() => store.set(key, 'z', MINUTE))
        expect(await eventually(() => store.withLock(key, async () => store.get(key)))).toBe('z')
        expect(await eventually(() => store.withLock(locked, async () => 'in'))).toBe('in')
      },
    )
  })
}
