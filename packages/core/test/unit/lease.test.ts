import { describe, expect, it } from 'vitest'
import { underLease } from '../../src/store/lease.ts'
import type { LeaseProtocol } from '../../src/store/lease.ts'
import { createLocks } from '../../src/store/lock.ts'

const sleep = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration))
const never = (): Promise<never> => new Promise(() => undefined)
const protocol = (more: Partial<LeaseProtocol>): LeaseProtocol => ({
  fence: 1,
  lease: 300,
  renew: async () => true,
  release: async () => undefined,
  ...more,
})

/** Whether the signal was aborted after so many milliseconds. */
const abortedAfter = (duration: number, more: Partial<LeaseProtocol>): Promise<boolean> =>
  underLease(protocol(more), async ({ signal }) => {
    await sleep(duration)
    return signal.aborted
  })

describe('a lease', () => {
  it('is lost at once when the server says so, and when nothing is answered for as long as it is', async () => {
    expect(await abortedAfter(200, { renew: async () => false })).toBe(true)
    expect(await abortedAfter(350, { renew: never })).toBe(true)
    expect(await abortedAfter(350, { renew: () => Promise.reject(new Error('down')) })).toBe(true)
  })

  it('survives renewals that fail, throw or hang, as long as one gets through', async () => {
    let turn = 0
    const renew = (): Promise<boolean> => {
      switch (++turn % 4) {
        case 1:
          return Promise.reject(new Error('down'))
        case 2:
          return never()
        case 3:
          throw new Error('thrown')
        default:
          return Promise.resolve(true)
      }
    }
    expect(await abortedAfter(1_500, { lease: 600, renew })).toBe(false)
    expect(turn).toBeGreaterThan(7)
  })

  it('is counted from when it was asked for', async () => {
    const renew = never
    expect(await abortedAfter(10, { askedAt: performance.now() - 300, renew })).toBe(true)
    expect(await abortedAfter(150, { askedAt: performance.now() - 200, renew })).toBe(true)
  })

  it('is lost in time although somebody sets the clock back', async () => {
    const now = Date.now.bind(Date)
    try {
      const renew = (): Promise<never> => {
        Date.now = () => now() - 3_600_000
        return Promise.reject(new Error('down'))
      }
      const lost = abortedAfter(400, { renew })
      expect(await lost).toBe(true)
    } finally {
      Date.now = now
    }
  })
})

describe('a lock whose grant comes too late', () => {
  it('is given back', async () => {
    const released: number[] = []
    const locks = {
      acquire: () => sleep(100).then(() => 7),
      renew: async () => true,
      release: async (_: string, fence: number) => void released.push(fence),
    }
    const withLock = createLocks(locks, { lease: 1_000, lockTimeout: 1_000, timeout: 50 })
    await expect(withLock('key', async () => 'in')).rejects.toThrow('did not answer within 50 ms')
    await sleep(100)
    expect(released).toEqual([7])
  })
})

describe('a lock whose grant took most of its lease', () => {
  it('is given back and asked for again', async () => {
    const story: string[] = []
    const locks = {
      async acquire() {
        await sleep(story.length === 0 ? 200 : 0)
        story.push('acquired')
        return story.length
      },
      renew: async () => true,
      release: async (_: string, fence: number) => void story.push(`released ${fence}`),
    }
    const withLock = createLocks(locks, { lease: 300, lockTimeout: 1_000 })
    expect(await withLock('key', async ({ fence, signal }) => [fence, signal.aborted])).toEqual([3, false])
    expect(story).toEqual(['acquired', 'released 1', 'acquired', 'released 3'])
  })
})

describe('waiting for a lock', () => {
  it('ends with its time, in line too, and those behind still get it', async () => {
    let held = false
    const locks = {
      acquire: async () => (held ? undefined : ((held = true), 1)),
      renew: async () => true,
      release: async () => void (held = false),
    }
    const long = createLocks(locks, { lease: 1_000, lockTimeout: 2_000 })
    const first = long('key', () => sleep(300))
    const others = [long('key', async () => 'second'), long('key', async () => 'third')]
    const impatient = createLocks(locks, { lease: 1_000, lockTimeout: 100 })
    const startedAt = performance.now()
    await Promise.all(
      [1, 2].map(() => expect(impatient('key', async () => 'in')).rejects.toThrow('not free within 100 ms')),
    )
    expect(performance.now() - startedAt).toBeLessThan(290)
    expect([await first, ...(await Promise.all(others))]).toEqual([undefined, 'second', 'third'])
  })
})
