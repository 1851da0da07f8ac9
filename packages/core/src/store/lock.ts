import type { KeyValueStore } from './key-value.ts'
import { underLease } from './lease.ts'
import { within } from './within.ts'

/** How a store's server keeps locks. Its own clock decides how long a lease lasts. */
export interface LockProtocol {
  /** The new holder's fence, greater than that of every holder before; `undefined` while somebody else holds the lock. */
  acquire(key: string, lease: number): Promise<number | undefined>
  /** Prolongs the lease; false when it was released, or somebody else has held the lock since. */
  renew(key: string, fence: number, lease: number): Promise<boolean>
  release(key: string, fence: number): Promise<void>
}

export interface LockOptions {
  /** How long a lock outlives a holder that died. Milliseconds. */
  readonly lease: number
  /** How long a lock is waited for. Milliseconds. */
  readonly lockTimeout: number
  /** How long the server may take to answer. Milliseconds. @default 5_000 */
  readonly timeout?: number
}

interface Granted {
  readonly fence: number
  /** By `performance.now()`. */
  readonly askedAt: number
}

/** The code of the error for a lock that was waited for in vain. */
export const LOCK_BUSY = 'ERR_LOCK_BUSY'
/** Milliseconds. */
const FIRST_PAUSE = 5
const LONGEST_PAUSE = 100

/**
 * For stores whose server is asked again and again until a lock is free: makes `withLock` of it. The callers of one
 * process stand in line, so that only the first of them asks.
 */
export function createLocks(protocol: LockProtocol, options: LockOptions): KeyValueStore['withLock'] {
  const { lease, lockTimeout, timeout = 5_000 } = options
  const lines = new Map<string, Promise<void>>()

  const release = (key: string, fence: number): Promise<void> =>
    within(protocol.release(key, fence), timeout, () => noAnswer(timeout))

  async function ask(key: string): Promise<Granted | undefined> {
    const askedAt = performance.now()
    const asked = protocol.acquire(key, lease)
    try {
      const fence = await within(asked, timeout, () => noAnswer(timeout))
      if (fence === undefined) return undefined
      if (performance.now() - askedAt < lease / 2) return { fence, askedAt }
      // Too little of it may be left to work under it.
      await release(key, fence)
      return undefined
    } catch (error) {
      // A lock that comes too late would be nobody's until its lease ends.
      asked.then((fence) => (fence === undefined ? undefined : protocol.release(key, fence))).catch(() => undefined)
      throw error
    }
  }

  async function acquire(key: string, deadline: number): Promise<Granted> {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      const granted = await ask(key)
      if (granted !== undefined) return granted
      if (performance.now() >= deadline) throw lockBusy(lockTimeout)
      await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())))
    }
  }

  return async (key, work) => {
    const deadline = performance.now() + lockTimeout
    const before = lines.get(key) ?? Promise.resolve()
    let leave = (): void => undefined
    const left = new Promise<void>((resolve) => void (leave = resolve))
    const line = before.then(() => left)
    lines.set(key, line)
    try {
      await within(before, Math.max(0, deadline - performance.now()), () => lockBusy(lockTimeout))
      const granted = await acquire(key, deadline)
      const { fence } = granted
      const held = {
        ...granted,
        lease,
        renew: () => protocol.renew(key, fence, lease),
        release: () => release(key, fence),
      }
      return await underLease(held, work)
    } finally {
      leave()
      if (lines.get(key) === line) lines.delete(key)
    }
  }
}

function noAnswer(timeout: number): Error {
  return new Error(
    `The store did not answer within ${timeout} ms. Check that it is up and reachable from this process.`,
  )
}

/** For stores: what `withLock` throws once it has waited for its `lockTimeout`. Milliseconds. */
export function lockBusy(lockTimeout: number): Error {
  const message = `The lock was not free within ${lockTimeout} ms: its holder is slow, or died a moment ago. Try again; a dead holder's lock ends with its lease.`
  return Object.assign(new Error(message), { code: LOCK_BUSY })
}
