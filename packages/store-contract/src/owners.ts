import type { KeyValueStore } from '@orgpass/core/store'
import { describe, expect, it } from 'vitest'
import { MINUTE, sleep } from './stage.ts'
import type { Stage } from './stage.ts'

/** Going through a few hundred keys takes no longer. Milliseconds. */
const BOUND = 15_000

async function all(store: KeyValueStore, prefix: string): Promise<Set<string>> {
  const found = new Set<string>()
  for await (const key of store.keys(prefix)) found.add(key)
  return found
}

export function describeOwners(stage: Stage): void {
  describe("an owner's keys", () => {
    const listed = async (store: KeyValueStore, owner: string): Promise<string[]> =>
      [...(await store.list(owner))].sort()

    it('are listed until they are deleted or end', async () => {
      const store = await stage.client()
      const owner = stage.key()
      expect(await listed(store, owner)).toEqual([])
      await store.set(`${owner}/1`, 'x', { ...MINUTE, owner })
      await store.set(`${owner}/2`, 'x', { ttl: 300, owner })
      await store.set(`${owner}/3`, 'x', { ...MINUTE, owner })
      expect(await listed(store, owner)).toEqual([`${owner}/1`, `${owner}/2`, `${owner}/3`])
      await store.delete(`${owner}/1`)
      await sleep(400)
      expect(await listed(store, owner)).toEqual([`${owner}/3`])
    })

    it('stay listed when they are written again, for as long as the last write says', async () => {
      const store = await stage.client()
      const owner = stage.key()
      await store.set(`${owner}/1`, 'x', { ttl: 200, owner })
      await store.set(`${owner}/1`, 'y', { ...MINUTE, owner })
      await sleep(300)
      expect(await listed(store, owner)).toEqual([`${owner}/1`])
    })

    it('move with a new owner, and leave when a write names none', async () => {
      const store = await stage.client()
      const [one, two] = [stage.key(), stage.key()]
      const key = `${one}/1`
      await store.set(key, 'x', { ...MINUTE, owner: one })
      await store.set(key, 'x', { ...MINUTE, owner: two })
      expect([await listed(store, one), await listed(store, two)]).toEqual([[], [key]])
      await store.set(key, 'x', MINUTE)
      expect([await listed(store, two), await all(store, key)]).toEqual([[], new Set()])
      expect(await store.get(key)).toBe('x')
    })

    it('do not change by a write that is refused', async () => {
      const store = await stage.client()
      const [one, two] = [stage.key(), stage.key()]
      const key = `${one}/1`
      await store.set(key, 'x', { ...MINUTE, owner: one })
      const written = await store.set(key, 'y', { ...MINUTE, owner: two, fence: 1 })
      expect(written, 'somebody wrote under a fence that nobody was given').toBe(false)
      expect([await listed(store, one), await listed(store, two)]).toEqual([[key], []])
    })
  })

  describe('going through all keys that have an owner', () => {
    it('finds those with the beginning, taken literally, and nothing else', async () => {
      const store = await stage.client()
      const start = `${stage.key()}[a-z]*?%_\\`
      await store.set(`${start}1`, 'x', { ...MINUTE, owner: start })
      await store.set(`${start}2`, 'x', { ...MINUTE, owner: `${start}!` })
      await store.set(`${start}3`, 'x', MINUTE)
      await store.set(`${start.slice(0, -9)}b`, 'x', { ...MINUTE, owner: start })
      expect(await all(store, start)).toEqual(new Set([`${start}1`, `${start}2`]))
      await store.delete(`${start}1`)
      expect(await all(store, start)).toEqual(new Set([`${start}2`]))
    })

    it(`finds ${stage.many}, of many owners`, async () => {
      const store = await stage.client()
      const start = stage.key()
      const keys = Array.from({ length: stage.many }, (_, i) => `${start}/${i}`)
      await inTurns(keys, (key, i) => store.set(key, 'x', { ...MINUTE, owner: `${start}:${i % 40}` }))
      expect(await all(store, `${start}/`)).toEqual(new Set(keys))
      expect(await all(store, `${start}/7`)).toEqual(new Set(keys.filter((key) => key.startsWith(`${start}/7`))))
      expect(new Set(await store.list(`${start}:7`))).toEqual(new Set(keys.filter((_, i) => i % 40 === 7)))
    })

    it('finds each that is there all the time, however much is written and deleted meanwhile', async () => {
      const [store, other] = [await stage.client(), await stage.client()]
      const start = stage.key()
      const keys = Array.from({ length: 600 }, (_, i) => `${start}/${i}`)
      await inTurns(keys, (key) => store.set(key, 'x', { ...MINUTE, owner: start }))
      const found = new Set<string>()
      const busy = { going: true }
      const changing = (async () => {
        for (let i = 0; busy.going; i++) {
          // A store that answers at once would leave no turn to the clock.
          if (i % 20 === 0) await sleep(0)
          const passing = `${start}/${i % 600}-passing`
          await other.set(passing, 'x', { ...MINUTE, owner: start })
          await other.set(String(keys[(i * 7) % 600]), 'y', { ...MINUTE, owner: `${start}:${i % 5}` })
          await other.delete(passing)
        }
      })()
      const deadline = Date.now() + BOUND
      try {
        for await (const key of store.keys(`${start}/`)) {
          found.add(key)
          if (Date.now() > deadline) throw new Error('keys() does not end while keys are written.')
        }
      } finally {
        busy.going = false
        await changing
      }
      expect(keys.filter((key) => !found.has(key))).toEqual([])
    })
  })
}

/** A hundred at once: a store need not take thousands. */
async function inTurns(keys: readonly string[], work: (key: string, i: number) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < keys.length; i += 100) {
    await Promise.all(keys.slice(i, i + 100).map((key, at) => work(key, i + at)))
  }
}
