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
}

/**
 * Where sessions live outside the cookie. Values are sealed before they get here. Every process of an app must
 * see the same values at once: an eventually consistent store is not fit for this.
 */
export interface KeyValueStore {
  get(key: string): Promise<string | undefined>
  /** False when the fence is outdated and nothing was written. */
  set(key: string, value: string, options: SetOptions): Promise<boolean>
  delete(key: string): Promise<void>
  /** Runs `work` while nobody else, in any process, holds the lock of `key`. The lock is renewed until `work` ends. */
  withLock<T>(key: string, work: (lease: Lease) => Promise<T>): Promise<T>
}
