import type { Lease } from './key-value.ts'
import { within } from './within.ts'

/** How a store's server keeps the lease of a lock that is held. */
export interface LeaseProtocol {
  /** What the holder got with the lock. */
  readonly fence: number
  /** How long the lock outlives a holder that died. Milliseconds. */
  readonly lease: number
  /**
   * When the lock was asked for, by `performance.now()`, where the lease may have begun then.
   * @default a tenth of the lease ago
   */
  readonly askedAt?: number
  /** Prolongs it; false when it was released, or somebody else has held the lock since. */
  renew(): Promise<boolean>
  release(): Promise<void>
}

/**
 * For stores: runs `work` under a lock that was just taken, renews its lease three times in its life, and releases it.
 * The signal is aborted when the lock is lost, or may be; reading it looks at the clock, because the timer of a process
 * that stood still is late.
 */
export async function underLease<T>(protocol: LeaseProtocol, work: (lease: Lease) => Promise<T>): Promise<T> {
  const renewing = keepRenewed(protocol)
  try {
    return await work({
      fence: protocol.fence,
      get signal() {
        return renewing.signal()
      },
    })
  } finally {
    renewing.stop()
    // A lock that cannot be released ends with its lease.
    await protocol.release().catch(() => undefined)
  }
}

/** How often a lease is renewed in its life. */
const RENEWALS = 3
/** How often that is tried in its life while nothing is answered. */
const RETRIES = 20

const answer = async (protocol: LeaseProtocol): Promise<boolean> => protocol.renew()

interface Renewing {
  signal(): AbortSignal
  stop(): void
}

/** A lease is counted from before a renewal was asked for, never from its answer, and by a clock that nobody sets. */
function keepRenewed(protocol: LeaseProtocol): Renewing {
  const { lease } = protocol
  const lost = new AbortController()
  let stopped = false
  let endsAt = Infinity
  let end: ReturnType<typeof setTimeout> | undefined
  let next: ReturnType<typeof setTimeout> | undefined

  const stop = (): void => {
    stopped = true
    clearTimeout(end)
    clearTimeout(next)
  }
  const lose = (): void => {
    stop()
    lost.abort()
  }
  const hold = (left: number): void => {
    clearTimeout(end)
    endsAt = performance.now() + left
    if (left > 0) end = setTimeout(lose, left)
    else lose()
  }
  const turn = async (): Promise<void> => {
    const askedAt = performance.now()
    // One that hangs must not use up the time in which another would get through.
    const held = await within(answer(protocol), lease / RENEWALS, () => new Error('late')).catch(() => undefined)
    if (stopped) return
    if (held === false) return lose()
    wait(held === true ? lease / RENEWALS : lease / RETRIES)
    if (held === true) hold(askedAt + lease - performance.now())
  }
  const wait = (pause: number): void => {
    next = setTimeout(() => void turn(), pause)
  }
  wait(lease / RENEWALS)
  hold(protocol.askedAt === undefined ? lease * 0.9 : protocol.askedAt + lease - performance.now())
  return {
    signal() {
      if (!stopped && performance.now() >= endsAt) lose()
      return lost.signal
    },
    stop,
  }
}
