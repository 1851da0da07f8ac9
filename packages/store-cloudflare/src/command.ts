/** What the store asks of the object of a key. Times are milliseconds. */
export type Command =
  | { readonly ask: 'get' }
  | { readonly ask: 'set'; readonly value: string; readonly ttl: number; readonly fence?: number }
  | { readonly ask: 'delete' }
  | { readonly ask: 'acquire'; readonly lease: number }
  | { readonly ask: 'renew'; readonly fence: number; readonly lease: number }
  | { readonly ask: 'release'; readonly fence: number }

/** What it answers, as JSON. */
export interface Answers {
  readonly get: string | null
  /** False when the fence is not that of the newest holder. */
  readonly set: boolean
  readonly delete: null
  /** The fence of the new holder. */
  readonly acquire: number
  /** False when it was released, or somebody else has held the lock since. */
  readonly renew: boolean
  readonly release: null
}
