/** What the store needs of a Durable Object namespace; the binding that Workers hand out fits. */
export interface ObjectNamespace {
  idFromName(name: string): unknown
  get(id: never): { fetch(url: string, init: { method: string; body: string }): Promise<Response> }
}

/** What the object needs of its state; what Workers hand to the constructor fits. */
export interface ObjectState {
  readonly storage: ObjectStorage
  blockConcurrencyWhile(work: () => Promise<void>): unknown
}

export interface ObjectStorage {
  get(key: string): Promise<unknown>
  put(key: string, value: unknown): Promise<void>
  delete(key: string): Promise<boolean>
  deleteAll(): Promise<void>
  list(options: { prefix: string; startAfter?: string; limit: number }): Promise<ReadonlyMap<string, unknown>>
  getAlarm(): Promise<number | null>
  /** Epoch milliseconds. */
  setAlarm(at: number): Promise<void>
}
