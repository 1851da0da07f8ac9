/** A held lock. */
export interface Lease {
  /** Aborted when the lock is no longer ours: stop before doing anything that cannot be taken back. */
  readonly signal: AbortSignal
  /** Grows with every holder of this key's lock; a write with an older fence than the newest holder's is refused. */
  readonly fence: number
}

export interface SetOptions {
  /** How long the value may be kept. Milliseconds. */
  ttl: number
  /** The fence of the lease under which the value was read. */
  fence?: number
  /** Whose list the key stands in from now on, in place of the one it stood in before. @default nobody's */
  owner?: string
}

/**
 * Where sessions and connections live outside the cookie. Values are sealed and owners are hashed before they get here.
 * Every process of an app must see the same values at once: an eventually consistent store is not fit for this.
 * What is out of reach throws, within a bounded time; core makes a typed, retryable error of it.
 */
export interface KeyValueStore {
  /** Says that other processes do not see what is kept here, so that core can warn. @default all processes see it */
  readonly reach?: 'process'
  get(key: string): Promise<string | undefined>
  /** False when the fence is not that of the newest holder of this key's lock, and nothing was written. */
  set(key: string, value: string, options: SetOptions): Promise<boolean>
  delete(key: string): Promise<void>
  /** The keys of the values that are kept for an owner, in no particular order. */
  list(owner: string): Promise<readonly string[]>
  /**
   * All keys with an owner that begin with `prefix`: each that is there from beginning to end at least once, in no
   * particular order. For work behind the scenes; it may take long.
   */
  keys(prefix: string): AsyncIterable<string>
  /**
   * Runs `work` while nobody else, in any process, holds the lock of `key`. The lock is renewed until `work` ends.
   * Waiting for it is bounded.
   */
  withLock<T>(key: string, work: (lease: Lease) => Promise<T>): Promise<T>
}
