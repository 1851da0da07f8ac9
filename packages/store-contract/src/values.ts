import { describe, expect, it } from 'vitest'
import { MINUTE, sleep } from './stage.ts'
import type { Stage } from './stage.ts'

export function describeValues(stage: Stage): void {
  describe('values', () => {
    it('are kept, replaced and deleted, each under its own key', async () => {
      const store = await stage.client()
      const [key, other] = [stage.key(), stage.key()]
      expect(await store.get(key)).toBeUndefined()
      expect(await store.set(key, 'one', MINUTE), 'a write without a fence was refused').toBe(true)
      expect(await store.set(key, 'two', MINUTE), 'a write without a fence was refused').toBe(true)
      expect([await store.get(key), await store.get(other)]).toEqual(['two', undefined])
      await store.delete(key)
      await store.delete(key)
      expect(await store.get(key)).toBeUndefined()
    })

    stage.needs('clients')('are seen by every client at once', async () => {
      const [one, two] = [await stage.client(), await stage.client()]
      const key = stage.key()
      await one.set(key, 'x', MINUTE)
      expect(await two.get(key)).toBe('x')
      await two.set(key, 'y', MINUTE)
      expect(await one.get(key)).toBe('y')
      await one.delete(key)
      expect(await two.get(key)).toBeUndefined()
    })

    it('end with their time to live, which every write begins anew', async () => {
      const store = await stage.client()
      const [short, renewed] = [stage.key(), stage.key()]
      await store.set(short, 'x', { ttl: 300 })
      await store.set(renewed, 'x', { ttl: 300 })
      expect(await store.get(short)).toBe('x')
      await store.set(renewed, 'y', MINUTE)
      await sleep(400)
      expect([await store.get(short), await store.get(renewed)]).toEqual([undefined, 'y'])
    })

    it.each([0, -1_000])('with %i milliseconds to live are gone, and what was there before is, too', async (ttl) => {
      const store = await stage.client()
      const key = stage.key()
      await store.set(key, 'x', { ...MINUTE, owner: key })
      expect(await store.set(key, 'y', { ttl, owner: key }), 'a write without a fence was refused').toBe(true)
      expect([await store.get(key), await store.list(key)]).toEqual([undefined, []])
    })

    it('may have a life that is no whole number', async () => {
      const store = await stage.client()
      const key = stage.key()
      await store.set(key, 'x', { ttl: 60_000.5, owner: key })
      expect([await store.get(key), await store.list(key)]).toEqual(['x', [key]])
    })

    it('may be kept for years', async () => {
      const store = await stage.client()
      const key = stage.key()
      await store.set(key, 'x', { ttl: 3 * 365 * 86_400_000 })
      expect(await store.get(key)).toBe('x')
    })

    it.each([
      ['empty', ''],
      ['with every kind of character', '\ufeff\u0000"\'\\\r\n\t ü 😀 \u2028 $1 :a ? %s {}'],
      ['of a million characters', 'xü'.repeat(500_000)],
    ])('may be %s', async (_, value) => {
      const store = await stage.client()
      const key = stage.key()
      await store.set(key, value, { ...MINUTE, owner: `${key}'s` })
      expect(await store.get(key)).toBe(value)
    })

    it.each([
      ['NUL', 'a\u0000b'],
      ['quotes and backslashes', `'"\\'; --`],
      ['line ends', 'a\r\nb'],
      ['patterns', '*?[a-z]%_^$.{1}'],
      ['characters beyond ASCII', 'ü 😀 \u202e'],
      ['a thousand characters', 'k'.repeat(1_000)],
    ])('may have a key with %s', async (_, part) => {
      const store = await stage.client()
      const [key, near] = [`${stage.key()}${part}`, `${stage.key()}${part}x`]
      await store.set(key, 'mine', { ...MINUTE, owner: key })
      expect([await store.get(key), await store.get(near)]).toEqual(['mine', undefined])
      expect(await store.list(key)).toEqual([key])
      const written = await store.withLock(key, async ({ fence }) => store.set(key, 'locked', { ...MINUTE, fence }))
      expect(written, 'the holder may write, and was refused').toBe(true)
      expect(await store.get(key)).toBe('locked')
    })

    it('written by many at once are one of those written, whole', async () => {
      const store = await stage.client()
      const key = stage.key()
      const values = Array.from({ length: 50 }, (_, i) => String(i).repeat(2_000))
      await Promise.all(values.map((value) => store.set(key, value, MINUTE)))
      expect(values).toContain(await store.get(key))
    })
  })
}
