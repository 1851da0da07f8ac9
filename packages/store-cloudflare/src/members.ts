import type { Answers, Command } from './command.ts'
import type { ObjectStorage } from './platform.ts'

interface Member {
  /** Epoch milliseconds. */
  readonly until: number
  readonly mark: string
}

const PREFIX = 'member:'
const PAGE_SIZE = 500
/** How long a list is left alone after it was swept. Milliseconds. */
const SWEEP_PAUSE = 3_600_000

/** The keys that an object lists. One may be gone already; the object of the key knows. */
export class Members {
  readonly #storage: ObjectStorage

  constructor(storage: ObjectStorage) {
    this.#storage = storage
  }

  /** Answers when it ends. Epoch milliseconds. */
  async enter({ key, ttl, mark }: Command & { ask: 'enter' }): Promise<number> {
    const until = Date.now() + ttl
    await this.#storage.put(PREFIX + key, { until, mark } satisfies Member)
    return until
  }

  /** Leaves what another write has entered since: its value may be about to be kept. */
  async strike({ key, mark }: Command & { ask: 'strike' }): Promise<void> {
    const member = (await this.#storage.get(PREFIX + key)) as Member | undefined
    if (member?.mark === mark) await this.#storage.delete(PREFIX + key)
  }

  async page({ prefix, after }: Command & { ask: 'page' }): Promise<Answers['page']> {
    const found = await this.#read(PREFIX + prefix, after === undefined ? undefined : PREFIX + after)
    const living = found.filter(([, { until }]) => until > Date.now())
    const last = found.length < PAGE_SIZE ? undefined : found.at(-1)?.[0].slice(PREFIX.length)
    return { keys: living.map(([name]) => name.slice(PREFIX.length)), last: last ?? null }
  }

  /** Forgets those that have ended. Answers when to do it again, or `undefined` when none is left. Epoch milliseconds. */
  async sweep(): Promise<number | undefined> {
    let next: number | undefined
    for (let after: string | undefined; ;) {
      const found = await this.#read(PREFIX, after)
      for (const [name, { until }] of found) {
        if (until <= Date.now()) await this.#storage.delete(name)
        else next = Math.min(until, next ?? until)
      }
      if (found.length < PAGE_SIZE) return next === undefined ? undefined : Math.max(next, Date.now() + SWEEP_PAUSE)
      after = found.at(-1)?.[0]
    }
  }

  async #read(prefix: string, after: string | undefined): Promise<[string, Member][]> {
    const options = { prefix, limit: PAGE_SIZE, ...(after !== undefined && { startAfter: after }) }
    return [...((await this.#storage.list(options)) as Map<string, Member>)]
  }
}
