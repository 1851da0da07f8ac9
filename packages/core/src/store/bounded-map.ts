export interface BoundedMapOptions<V> {
  /** Entries kept at the most; the one unused for longest goes first. */
  maxEntries: number
  /** Sum of `sizeOf` kept at the most. @default no limit */
  maxSize?: number
  sizeOf?: (value: V) => number
  /** Told of each value that goes: replaced, deleted or forgotten. */
  removed?: (key: string, value: V) => void
}

/** A map that forgets what was unused for longest once it is full. */
export class BoundedMap<V> {
  readonly #entries = new Map<string, V>()
  readonly #maxEntries: number
  readonly #maxSize: number
  readonly #sizeOf: (value: V) => number
  readonly #removed: (key: string, value: V) => void
  #size = 0

  constructor({ maxEntries, maxSize = Infinity, sizeOf = () => 0, removed = () => undefined }: BoundedMapOptions<V>) {
    this.#maxEntries = maxEntries
    this.#maxSize = maxSize
    this.#sizeOf = sizeOf
    this.#removed = removed
  }

  /** Whether it is there, without counting as a use. */
  has(key: string): boolean {
    return this.#entries.has(key)
  }

  keys(): IterableIterator<string> {
    return this.#entries.keys()
  }

  get(key: string): V | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  set(key: string, value: V): void {
    this.delete(key)
    this.#entries.set(key, value)
    this.#size += this.#sizeOf(value)
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxEntries && this.#size <= this.#maxSize) break
      this.delete(oldest)
    }
  }

  delete(key: string): void {
    const value = this.#entries.get(key)
    if (value === undefined) return
    this.#entries.delete(key)
    this.#size -= this.#sizeOf(value)
    this.#removed(key, value)
  }
}
