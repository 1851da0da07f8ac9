import type { Lease } from './key-value.ts'

/** How a store's server keeps the lease of a lock that is held. */
export interface LeaseProtocol {
  /** What the holder got with the lock. */
  readonly fence: number
  /** How long the lock outlives a holder that died. Milliseconds. */
  readonly lease: number
  /** Prolongs it; false when it was released, or somebody else has held the lock since. */
  renew(): Promise<boolean>
  release(): Promise<void>
}

/**
 * For stores: runs `work` under a lock that was just taken, renews its lease three times in its life, and releases it.
 * The signal is aborted when the lock is lost, or may be.
 */
export async function underLease<T>(protocol: LeaseProtocol, work: (lease: Lease) => Promise<T>): Promise<T> {
  const renewing = keepRenewed(protocol)
  try {
    return await work({ fence: protocol.fence, signal: renewing.signal })
  } finally {
    renewing.stop()
    // A lock that cannot be released ends with its lease.
    await protocol.release().catch(() => undefined)
  }
}

interface Renewing {
  readonly signal: AbortSignal
  stop(): void
}

/** A lease is counted from before a renewal was asked for, never from its answer. */
function keepRenewed(protocol: LeaseProtocol): Renewing {
  const { lease } = protocol
  const lost = new AbortController()
  let stopped = false
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
    end = setTimeout(lose, left)
  }
  const turn = async (): Promise<void> => {
    const askedAt = Date.now()
    const held = await protocol.renew().catch(() => undefined)
    if (stopped) return
    if (held === false) return lose()
    if (held === true) hold(askedAt + lease - Date.now())
    wait()
  }
  const wait = (): void => {
    next = setTimeout(() => void turn(), lease / 3)
  }
  // How long the grant took to get here is not known: a tenth of the lease allows for it.
  hold(lease * 0.9)
  wait()
  return { signal: lost.signal, stop }
}
