import { SingleFlight } from '../connection/single-flight.ts'
import { BoundedMap } from '../store/bounded-map.ts'

export interface FactCacheOptions {
  /** How long a fact is believed. Milliseconds. */
  readonly ttl: number
  /** Epoch milliseconds. */
  readonly now: () => number
}

interface Fact {
  readonly value: unknown
  readonly endsAt: number
}

const MAX_FACTS = 10_000

/** What Salesforce said about users and orgs, for a short while. Failures are never kept. */
export class FactCache {
  readonly #ttl: number
  readonly #now: () => number
  readonly #facts = new BoundedMap<Fact>({ maxEntries: MAX_FACTS })
  readonly #flights = new SingleFlight<unknown>()

  constructor({ ttl, now }: FactCacheOptions) {
    this.#ttl = ttl
    this.#now = now
  }

  /** The fact under a key, asked for when it is not known or too old. Callers at the same time share one question. */
  async get<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#facts.get(key)
    if (known !== undefined && known.endsAt > this.#now()) return known.value as T
    const shared = this.#flights.current(key)
    if (shared !== undefined) {
      try {
        return (await shared) as T
      } catch {
        // It was asked with somebody else's token: with the own one the answer may be another.
      }
    }
    return (await this.#flights.run(key, () => this.#learn(key, ask))) as T
  }

  async #learn(key: string, ask: () => Promise<unknown>): Promise<unknown> {
    // Counted from the question: the answer may be as old as that.
    const endsAt = this.#now() + this.#ttl
    const value = await ask()
    this.#facts.set(key, { value, endsAt })
    return value
  }
}
