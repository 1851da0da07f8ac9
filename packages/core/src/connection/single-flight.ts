export interface SingleFlightOptions {
  /** What no live attempt takes: an older one is neither waited for nor joined. Milliseconds. */
  readonly limit: number
}

interface Flight<T> {
  readonly landing: Promise<T>
  /** By `performance.now()`. */
  readonly startedAt: number
}

/** What an attempt came to. */
export interface Landed<T> {
  readonly value: T
}

/**
 * Lets callers that want the same thing at the same time share one attempt. An attempt belongs to the request that
 * began it, and platforms may stop that request together with it, without a word to those who wait.
 */
export class SingleFlight<T> {
  readonly #limit: number
  readonly #flights = new Map<string, Flight<T>>()

  constructor({ limit }: SingleFlightOptions) {
    this.#limit = limit
  }

  /** What the attempt under way for `key` comes to, or a new one, which may ask later whether it is still the one. */
  async run(key: string, work: (isCurrent: () => boolean) => Promise<T>): Promise<T> {
    while (this.#flights.has(key)) {
      const landed = await this.join(key)
      if (landed !== undefined) return landed.value
    }
    const startedAt = performance.now()
    const isCurrent = (): boolean => this.#flights.get(key) === flight
    const landing = work(isCurrent).finally(() => this.#forget(key, flight))
    const flight = { landing, startedAt }
    this.#flights.set(key, flight)
    return landing
  }

  /** What the attempt under way for `key` comes to; `undefined` when there is none, or it is given up. */
  async join(key: string): Promise<Landed<T> | undefined> {
    const flight = this.#flights.get(key)
    if (flight === undefined) return undefined
    const landed = await within(flight.landing, Math.max(0, flight.startedAt + this.#limit - performance.now()))
    if (landed === undefined) this.#forget(key, flight)
    return landed
  }

  /** Lets nobody join the attempt under way any more; who waits for it already gets what it comes to. */
  forget(key: string): void {
    this.#flights.delete(key)
  }

  #forget(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key)
  }
}

async function within<T>(landing: Promise<T>, left: number): Promise<Landed<T> | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const overdue = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, left, undefined)
  })
  try {
    return await Promise.race([landing.then((value) => ({ value })), overdue])
  } finally {
    clearTimeout(timer)
  }
}
