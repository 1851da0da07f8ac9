export interface Clock {
  /** Epoch milliseconds; a bound function, so it can be handed over as `now: clock.now`. */
  readonly now: () => number
  /** Moves time forward by that many milliseconds. */
  readonly advance: (ms: number) => void
}

/** A clock that stands still until told to move. `start` is in epoch milliseconds; default: the moment of the call. */
export function createClock(start: number = Date.now()): Clock {
  let at = start
  return {
    now: () => at,
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`A clock cannot advance by ${ms} ms: pass zero or more`)
      at += ms
    },
  }
}
