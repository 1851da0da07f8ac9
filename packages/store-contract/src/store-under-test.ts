import type { KeyValueStore } from '@orgpass/core/store'

/** How a client is opened for one test. */
export interface ClientOptions {
  /** How long its locks outlive it. Milliseconds. */
  readonly lease: number
  /** How long it waits for a lock. Milliseconds. */
  readonly lockTimeout: number
  /** How long its server may take to answer, where the store can be told. Milliseconds. */
  readonly timeout: number
}

/** A client of the store, as every process of an app has one. */
export interface StoreClient {
  readonly store: KeyValueStore
  close(): Promise<void>
}

/** What only some stores can be asked to show. */
export type Feature =
  /** Several clients see the same, as several processes do. */
  | 'clients'
  /** The server can be killed and started again: `server` is there. */
  | 'restart'
  /** What was kept before the server was killed is there afterwards. */
  | 'persistence'
  /** The server can be made to hang: `server.stall` is there. */
  | 'stall'
  /** The server has a clock of its own: what its clients take for the time does not matter. */
  | 'clock'

/** A store as a test finds it. */
export interface StoreUnderTest {
  open(options: ClientOptions): Promise<StoreClient>
  readonly server?: {
    /** Ends the server at once, as a crash does. */
    kill(): Promise<void>
    /** Starts it again, at the same address. */
    start(): Promise<void>
    /** Lets it hang: it keeps its connections, takes new ones perhaps, and answers nothing. */
    stall?(): Promise<void>
    /** Lets it go on. */
    resume?(): Promise<void>
  }
  close(): Promise<void>
}

export interface ContractOptions {
  /** What the store cannot show, each with the reason: these tests are skipped, by name. */
  readonly lacks?: Readonly<Partial<Record<Feature, string>>>
  /** How many keys with an owner it is tried with. @default 2_000 */
  readonly many?: number
}
