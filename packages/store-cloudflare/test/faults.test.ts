import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { durableObjectStore, OrgpassStore } from '../src/index.ts'
import type { Command } from '../src/command.ts'
import type { ObjectNamespace } from '../src/index.ts'

type Fault = (command: { ask: string }) => Promise<void> | void

interface Platform {
  readonly namespace: ObjectNamespace
  readonly stored: Map<string, unknown>
  /** Rings the alarm of the only object, if it is set. Answers for when it was. */
  readonly ring: () => Promise<number | undefined>
  /** The object leaves memory; its storage stays. */
  readonly evict: () => void
  /** Sends a command to the object, past the store. */
  readonly ask: (command: Command) => Promise<unknown>
}

/** One object in this process: a platform's faults cannot be had from the real one. */
function platform(fault: Fault = () => undefined): Platform {
  const stored = new Map<string, unknown>()
  let alarm: number | undefined
  let object: OrgpassStore | undefined
  const storage = {
    get: async (key: string) => stored.get(key),
    put: async (key: string, value: unknown) => void stored.set(key, structuredClone(value)),
    delete: async (key: string) => stored.delete(key),
    deleteAll: async () => stored.clear(),
    getAlarm: async () => alarm ?? null,
    setAlarm: async (at: number) => void (alarm = at),
    list: async ({ prefix, startAfter = '', limit }: { prefix: string; startAfter?: string; limit: number }) => {
      const names = [...stored.keys()].filter((name) => name.startsWith(prefix) && name > startAfter).toSorted()
      return new Map(names.slice(0, limit).map((name) => [name, stored.get(name)]))
    },
  }
  const alive = (): OrgpassStore =>
    (object ??= new OrgpassStore({ storage, blockConcurrencyWhile: (work) => void work() }))
  return {
    stored,
    namespace: {
      idFromName: (name) => name,
      get: () => ({
        async fetch(url, init) {
          await fault(JSON.parse(init.body) as { ask: string })
          return alive().fetch(new Request(url, init))
        },
      }),
    },
    async ring() {
      const at = alarm
      alarm = undefined
      if (at !== undefined) await alive().alarm()
      return at
    },
    evict: () => void (object = undefined),
    async ask(command) {
      const init = { method: 'POST', body: JSON.stringify(command) }
      return (await alive().fetch(new Request('https://test.invalid/', init))).json()
    },
  }
}

describe('the lock', () => {
  it('counts as lost when its renewals get no answer until its lease ends', async () => {
    const { namespace } = platform(({ ask }) => (ask === 'renew' ? new Promise(() => undefined) : undefined))
    const store = durableObjectStore(namespace, { lease: 120 })
    const aborted = await store.withLock('key', async ({ signal }) => {
      const before = signal.aborted
      await sleep(200)
      return [before, signal.aborted]
    })
    expect(aborted).toEqual([false, true])
  })

  it('survives a renewal that fails once', async () => {
    let renewals = 0
    const { namespace } = platform(({ ask }) => {
      if (ask === 'renew' && ++renewals === 1) throw new Error('a passing fault')
    })
    const store = durableObjectStore(namespace, { lease: 150 })
    const aborted = await store.withLock('key', async ({ signal }) => {
      await sleep(300)
      return signal.aborted
    })
    expect([aborted, renewals > 2]).toEqual([false, true])
  })

  it('is kept for its holder when the object leaves memory', async () => {
    const { namespace, evict } = platform()
    const store = durableObjectStore(namespace, { lease: 60_000 })
    const order: string[] = []
    const first = store.withLock('key', async () => {
      await sleep(50)
      order.push('first')
    })
    await sleep(10)
    evict()
    await Promise.all([first, store.withLock('key', async () => void order.push('second'))])
    expect(order).toEqual(['first', 'second'])
  })

  it('that was released is not brought back by a renewal that comes late', async () => {
    const { namespace, ask } = platform()
    const fence = await durableObjectStore(namespace).withLock('key', async (lease) => lease.fence)
    expect(await ask({ ask: 'renew', fence, lease: 60_000 })).toBe(false)
    expect(await durableObjectStore(namespace).withLock('key', async () => 'free')).toBe('free')
  })

  it('that cannot be released does not spoil the work', async () => {
    const { namespace } = platform(({ ask }) => {
      if (ask === 'release') throw new Error('gone')
    })
    expect(await durableObjectStore(namespace).withLock('key', async () => 'done')).toBe('done')
  })
})

describe('errors of the platform', () => {
  it('that pass are overcome', async () => {
    let faults = 2
    const { namespace } = platform(() => {
      if (faults-- > 0) throw Object.assign(new Error('the object moved'), { retryable: true })
    })
    const store = durableObjectStore(namespace)
    expect(await store.set('key', 'value', { ttl: 1_000 })).toBe(true)
    expect(await store.get('key')).toBe('value')
  })

  it.each([
    ['stay', {}],
    ['say that the object is overloaded', { retryable: true, overloaded: true }],
  ])('that %s are thrown at once', async (_, traits) => {
    let calls = 0
    const { namespace } = platform(() => {
      calls++
      throw Object.assign(new Error('no'), traits)
    })
    await expect(durableObjectStore(namespace).get('key')).rejects.toThrow('no')
    expect(calls).toBe(1)
  })
})

describe('a list', () => {
  it('keeps a key that is written while an earlier delete is still taking it off', async () => {
    let passed = (): void => undefined
    const gate = new Promise<void>((resolve) => void (passed = resolve))
    const { namespace } = platform(({ ask }) => (ask === 'strike' ? gate : undefined))
    const store = durableObjectStore(namespace)
    await store.set('key', 'a', { ttl: 1_000, owner: 'one' })
    const deleted = store.delete('key')
    await sleep(10)
    await store.set('key', 'b', { ttl: 1_000, owner: 'one' })
    passed()
    await deleted
    expect([await store.get('key'), await store.list('one')]).toEqual(['b', ['key']])
  })

  it('does not name what a write that failed half-way entered', async () => {
    let broken = true
    const { namespace } = platform(({ ask }) => {
      if (ask === 'set' && broken) throw new Error('gone')
    })
    const store = durableObjectStore(namespace)
    await expect(store.set('key', 'a', { ttl: 1_000, owner: 'one' })).rejects.toThrow('gone')
    expect(await store.list('one')).toEqual([])
    broken = false
    await store.set('key', 'a', { ttl: 1_000, owner: 'one' })
    expect(await store.list('one')).toEqual(['key'])
  })

  it('forgets what has ended', async () => {
    const { namespace, stored, ring } = platform()
    await durableObjectStore(namespace).set('key', 'value', { ttl: 20, owner: 'one' })
    await sleep(30)
    await ring()
    expect(stored.size).toBe(0)
  })
})

describe('an object that hangs', () => {
  it('fails what is asked of it in time', async () => {
    const { namespace } = platform(() => new Promise(() => undefined))
    const store = durableObjectStore(namespace, { timeout: 50 })
    await expect(store.get('key')).rejects.toThrow('did not answer within 50 ms')
  })
})

describe('the alarm', () => {
  it('rings again for what was prolonged, and forgets what has ended', async () => {
    const { namespace, stored, ring } = platform()
    const store = durableObjectStore(namespace)
    await store.set('key', 'value', { ttl: 20 })
    await store.set('key', 'value', { ttl: 80 })
    await sleep(30)
    await ring()
    expect(await store.get('key')).toBe('value')
    await sleep(80)
    expect(stored.size).toBeGreaterThan(0)
    await ring()
    expect([stored.size, await ring()]).toEqual([0, undefined])
  })

  it('leaves a held lock alone, and an old fence outdated', async () => {
    const { namespace, stored, ring, evict } = platform()
    const store = durableObjectStore(namespace)
    const old = await store.withLock('key', async ({ fence }) => {
      await ring()
      expect(stored.has('lock')).toBe(true)
      return fence
    })
    await ring()
    evict()
    await sleep(2)
    await store.withLock('key', async ({ fence }) => expect(fence).toBeGreaterThan(old))
    expect(await store.set('key', 'late', { ttl: 1_000, fence: old })).toBe(false)
  })

  it('forgets a lock whose holder died, and its late write is refused', async () => {
    const { namespace, stored, ring, ask } = platform()
    const store = durableObjectStore(namespace)
    const fence = Number(await ask({ ask: 'acquire', lease: 20, wait: 0 }))
    expect(await store.set('key', 'in time', { ttl: 1_000, fence })).toBe(true)
    await store.delete('key')
    await sleep(30)
    await ring()
    expect(stored.size).toBe(0)
    expect(await store.set('key', 'late', { ttl: 1_000, fence })).toBe(false)
    expect(await store.get('key')).toBeUndefined()
  })
})
