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
        const startedAt = Date.now()
        const failures = await Promise.all([
          store.get(key).catch((error: unknown) => error),
          store.set(key, 'y', MINUTE).catch((error: unknown) => error),
          store.list(key).catch((error: unknown) => error),
          store.withLock(key, async () => 'in').catch((error: unknown) => error),
        ])
        expect(Date.now() - startedAt).toBeLessThan(BOUND)
        for (const failure of failures) expect(failure).toBeInstanceOf(Error)
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
      expect(await store.list(key)).toEqual([key])
    })

    stage.needs('restart')('leaves a lock with its holder or with nobody, never with two', async () => {
      const store = await stage.client({ lease: 1_000 })
      const key = stage.key()
      const held = await hold(store, key)
      await stage.server().kill()
      await sleep(1_200)
      expect(held.lease.signal.aborted).toBe(true)
      await stage.server().start()
      const other = await stage.client({ lease: 1_000 })
      expect(
        await eventually(() => other.withLock(key, async ({ fence }) => other.set(key, 'next', { ...MINUTE, fence }))),
      ).toBe(true)
      expect(await eventually(() => store.set(key, 'late', { ...MINUTE, fence: held.lease.fence }))).toBe(false)
      expect(await eventually(() => other.get(key))).toBe('next')
      await held.release()
    })
  })
}
