import { BoundedMap } from '../store/bounded-map.ts'

/** Remembers which sessions were logged out in this process, so that nothing brings them back. */
export class Tombstones {
  readonly #ended = new BoundedMap<number>({ maxEntries: 50_000 })

  /** @param until when the session would have ended by itself. Epoch milliseconds. */
  add(sid: string, until: number): void {
    this.#ended.set(sid, until)
  }

  has(sid: string, now: number): boolean {
    const until = this.#ended.get(sid)
    if (until === undefined || until > now) return until !== undefined
    this.#ended.delete(sid)
    return false
  }
}
