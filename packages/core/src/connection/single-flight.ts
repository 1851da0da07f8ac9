/** Lets callers that want the same thing at the same time share one attempt. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Promise<T>>()

  /** The attempt under way for `key`, or a new one. */
  run(key: string, work: () => Promise<T>): Promise<T> {
    const under = this.#flights.get(key)
    if (under !== undefined) return under
    const flight = work().finally(() => this.#flights.delete(key))
    this.#flights.set(key, flight)
    return flight
  }

  /** The attempt under way for `key`, if any. */
  current(key: string): Promise<T> | undefined {
    return this.#flights.get(key)
  }
}
