/** What core may ask of, and tell, one HTTP exchange. A host supplies this and renders a {@link Reply}; nothing else. */
export interface Exchange {
  readonly method: string
  /** Path and query as the client sent them, before a framework strips its mount point. */
  readonly target: string
  /** The value of a request header, by lower-case name; repeated headers joined as Node and Fetch join them. */
  header(name: string): string | undefined
  /** The urlencoded request body, read on demand, at most 64 KiB. */
  form(): Promise<URLSearchParams>
  /** Puts a whole `Set-Cookie` line on the response, in place of an earlier one with the same name, and marks it `no-store`. */
  setCookie(name: string, line: string): void
  /** True once the response's headers are on their way: a cookie can no longer be set. */
  readonly committed: boolean
  /** Keeps the platform alive for work that outlives the reply; absent where nothing has to be kept. The work must not fail. */
  waitUntil?(work: Promise<unknown>): void
}

/** What core answers: plain data that the host writes to its response. */
export interface Reply {
  readonly status: number
  readonly location?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}
