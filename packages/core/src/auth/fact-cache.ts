import { SingleFlight } from '../connection/single-flight.ts'
import { BoundedMap } from '../store/bounded-map.ts'

export interface FactCacheOptions {
  /** How long a fact is believed. Milliseconds. */
  readonly ttl: number
  /** Epoch milliseconds. */
  readonly now: () => number
  /** How long one question may take. Milliseconds. */
  readonly timeout: number
}

/** How one caller would learn a fact. */
export interface Inquiry<T> {
  /** Whose token asks: a failure is shared by one asker's callers only. */
  readonly asker: string
  readonly ask: () => Promise<T>
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
  readonly #flights: SingleFlight<unknown>

  constructor({ ttl, now, timeout }: FactCacheOptions) {
    this.#ttl = ttl
    this.#now = now
    // A second for what comes before and after the question.
    this.#flights = new SingleFlight({ limit: timeout + 1_000 })
  }

  /** The fact under a key, asked for when it is not known or too old. Callers at the same time share one question. */
  async get<T>(key: string, { asker, ask }: Inquiry<T>): Promise<T> {
    const known = this.#facts.get(key)
    if (known !== undefined && known.endsAt > this.#now()) return known.value as T
    const learn = (): Promise<unknown> => this.#learn(key, ask)
    let isOwn = false
    try {
      return (await this.#flights.run(key, () => {
        isOwn = true
        return learn()
      })) as T
    } catch (error) {
      if (isOwn) throw error
      // It was asked with somebody else's token: with the own one the answer may be another.
      return (await this.#flights.run(JSON.stringify([key, asker]), learn)) as T
    }
  }

  async #learn(key: string, ask: () => Promise<unknown>): Promise<unknown> {
    // Counted from the question: the answer may be as old as that.
    const endsAt = this.#now() + this.#ttl
    const value = await ask()
    this.#facts.set(key, { value, endsAt })
    return value
  }
}
