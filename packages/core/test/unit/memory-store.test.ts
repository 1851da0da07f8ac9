import { describe, expect, it } from 'vitest'
import { BoundedMap } from '../../src/store/bounded-map.ts'
import type { Lease } from '../../src/store/key-value.ts'
import { memoryStore } from '../../src/store/memory.ts'

const soon = { ttl: 1_000 }

describe('the memory store', () => {
  it('keeps a value until its time is over', async () => {
    let now = 0
    const store = memoryStore({ now: () => now })
    await store.set('a', 'x', { ttl: 1_000 })
    now = 999
    expect(await store.get('a')).toBe('x')
    now = 1_000
    expect(await store.get('a')).toBeUndefined()
    now = 0
    expect(await store.get('a')).toBeUndefined()
  })

  it('gives a value written again a new time', async () => {
    let now = 0
    const store = memoryStore({ now: () => now })
    await store.set('a', 'x', { ttl: 1_000 })
    now = 900
    await store.set('a', 'y', { ttl: 1_000 })
    now = 1_800
    expect(await store.get('a')).toBe('y')
  })

  it('forgets what was unused for longest', async () => {
    const store = memoryStore({ maxEntries: 2 })
    await store.set('a', '1', soon)
    await store.set('b', '2', soon)
    await store.get('a')
    await store.set('c', '3', soon)
    expect(await Promise.all(['a', 'b', 'c'].map((key) => store.get(key)))).toEqual(['1', undefined, '3'])
  })

  it('keeps no more bytes than it may', async () => {
    const store = memoryStore({ maxBytes: 20 })
    await store.set('a', 'xxxxx', soon)
    await store.set('b', 'yyyyy', soon)
    await store.set('b', 'zzzzz', soon)
    expect(await store.get('a')).toBe('xxxxx')
    await store.set('c', '1', soon)
    expect(await Promise.all(['a', 'b', 'c'].map((key) => store.get(key)))).toEqual(['xxxxx', undefined, '1'])
    await store.set('d', 'x'.repeat(11), soon)
    expect(await store.get('d')).toBeUndefined()
  })

  it('deletes, also what is not there', async () => {
    const store = memoryStore()
    await store.set('a', 'x', soon)
    await store.delete('a')
    await store.delete('a')
    expect(await store.get('a')).toBeUndefined()
  })
})

describe('what has an owner', () => {
  it('is listed until it is deleted, ends, is forgotten or goes to another owner', async () => {
    let now = 0
    const store = memoryStore({ maxEntries: 3, now: () => now })
    const of = async (owner: string): Promise<string[]> => [...(await store.list(owner))].toSorted()
    await store.set('a', '1', { ttl: 100, owner: 'x' })
    await store.set('b', '2', { ttl: 1_000, owner: 'x' })
    await store.set('c', '3', { ttl: 1_000 })
    expect([await of('x'), await of('y')]).toEqual([['a', 'b'], []])
    now = 100
    expect(await of('x')).toEqual(['b'])
    await store.set('b', '2', { ttl: 1_000, owner: 'y' })
    expect([await of('x'), await of('y')]).toEqual([[], ['b']])
    await store.set('d', '4', { ttl: 1_000, owner: 'y' })
    for (const key of ['e', 'f']) await store.set(key, '5', { ttl: 1_000 })
    expect(await of('y')).toEqual(['d'])
    await store.delete('d')
    expect(await of('y')).toEqual([])
  })

  it('can be gone through by the beginning of its key, also while it is deleted', async () => {
    const store = memoryStore()
    for (const key of ['p:1', 'p:2', 'q:1']) await store.set(key, 'x', { ...soon, owner: 'o' })
    await store.set('p:3', 'x', soon)
    const seen: string[] = []
    for await (const key of store.keys('p:')) {
      seen.push(key)
      await store.delete(key)
    }
    expect(seen).toEqual(['p:1', 'p:2'])
  })
})

describe('its lock', () => {
  it('is held by one at a time, in the order of asking', async () => {
    const store = memoryStore()
    const story: string[] = []
    const turn = (name: string, wait: number) =>
      store.withLock('k', async () => {
        story.push(`${name} in`)
        await new Promise((resolve) => setTimeout(resolve, wait))
        story.push(`${name} out`)
        return name
      })
    expect(await Promise.all([turn('a', 20), turn('b', 1), turn('c', 5)])).toEqual(['a', 'b', 'c'])
    expect(story).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
  })

  it('of another key does not wait', async () => {
    const store = memoryStore()
    const never = store.withLock('k', () => new Promise(() => undefined))
    void never
    expect(await store.withLock('other', async () => 'in')).toBe('in')
  })

  it.each<[how: string, work: () => Promise<unknown>]>([
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'throws',
      () => {
        throw new Error('broken')
      },
    ],
  ])('is released when its holder %s', async (_how, work) => {
    const store = memoryStore()
    const broken = store.withLock('k', work)
    const next = store.withLock('k', async () => 'in')
    await expect(broken).rejects.toThrow('broken')
    expect(await next).toBe('in')
  })

  it('counts its holders up', async () => {
    const store = memoryStore()
    const fences = await Promise.all([1, 2, 3].map(() => store.withLock('k', async ({ fence }) => fence)))
    expect(fences.toSorted((a, b) => a - b)).toEqual(fences)
    expect(new Set(fences).size).toBe(3)
  })

  it('refuses the write of an earlier holder', async () => {
    const store = memoryStore()
    const leases: Lease[] = []
    const holder = async (lease: Lease): Promise<void> => void leases.push(lease)
    await store.withLock('k', holder)
    await store.withLock('k', holder)
    const [early, late] = leases.map(({ fence }) => ({ ...soon, fence }))
    expect(await store.set('k', 'late', late ?? soon)).toBe(true)
    expect(await store.set('k', 'early', early ?? soon)).toBe(false)
    expect(await store.get('k')).toBe('late')
    expect(await store.set('other', 'x', late ?? soon)).toBe(false)
    expect(await store.set('k', 'unfenced', soon)).toBe(true)
  })
})

describe('BoundedMap', () => {
  it('counts the size of what it holds, through replacement and deletion', () => {
    const map = new BoundedMap<string>({ maxEntries: 10, maxSize: 10, sizeOf: (value) => value.length })
    map.set('a', 'xxxxxxxx')
    map.set('a', 'x')
    map.set('b', 'xxxxxxxxx')
    expect([map.get('a'), map.get('b')]).toEqual(['x', 'xxxxxxxxx'])
    map.delete('b')
    map.delete('b')
    map.set('c', 'xxxxxxxxx')
    expect([map.get('a'), map.get('c')]).toEqual(['x', 'xxxxxxxxx'])
    map.set('d', 'xx')
    expect([map.get('a'), map.get('c'), map.get('d')]).toEqual([undefined, undefined, 'xx'])
  })
})
