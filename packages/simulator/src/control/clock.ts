/** Simulated time in epoch milliseconds. */
export interface Clock {
  now(): number
  /** Adds milliseconds to the underlying clock; it keeps running. */
  advance(ms: number): void
  /** Jumps to an epoch millisecond; the clock keeps running from there. */
  set(at: number): void
}

export interface ResettableClock extends Clock {
  reset(): void
}

export function createClock(underlying: () => number): ResettableClock {
  let offset = 0
  return {
    now: () => underlying() + offset,
    advance(ms) {
      offset += finite(ms)
    },
    set(at) {
      offset = finite(at) - underlying()
    },
    reset() {
      offset = 0
    },
  }
}

function finite(ms: number): number {
  if (!Number.isFinite(ms)) throw new TypeError('The clock takes a finite number of milliseconds.')
  return ms
}
