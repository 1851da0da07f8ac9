/** What the store asks of the object of a key, or of a list of keys. Times are milliseconds. */
export type Command =
  | { readonly ask: 'get' }
  | {
      readonly ask: 'set'
      readonly value: string
      readonly ttl: number
      readonly fence?: number
      readonly membership?: Membership
    }
  | { readonly ask: 'delete' }
  | { readonly ask: 'owner' }
  | { readonly ask: 'acquire'; readonly lease: number; readonly wait: number }
  | { readonly ask: 'renew'; readonly fence: number; readonly lease: number }
  | { readonly ask: 'release'; readonly fence: number }
  | { readonly ask: 'enter'; readonly key: string; readonly ttl: number; readonly mark: string }
  | { readonly ask: 'strike'; readonly key: string; readonly mark: string }
  | { readonly ask: 'page'; readonly prefix: string; readonly after?: string }

/** Whose list a key stands in. */
export interface Membership {
  readonly owner: string
  /** Of the write that entered it: only who saw that write strikes it. */
  readonly mark: string
}

/** What it answers, as JSON. */
export interface Answers {
  readonly get: string | null
  /** Whose list the key stood in before; `written` is false when the fence is not that of the newest holder. */
  readonly set: { readonly written: boolean; readonly before?: Membership }
  /** Whose list the key stood in. */
  readonly delete: { readonly before?: Membership }
  readonly owner: string | null
  /** The fence of the new holder; `null` when the lock did not get free in time. */
  readonly acquire: number | null
  /** False when it was released, or somebody else has held the lock since. */
  readonly renew: boolean
  readonly release: null
  readonly enter: null
  readonly strike: null
  /** Keys of a list, and the one to go on after; `null` at the end. */
  readonly page: { readonly keys: readonly string[]; readonly last: string | null }
}
