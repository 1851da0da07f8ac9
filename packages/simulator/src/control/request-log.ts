export interface RequestLine {
  /** Epoch milliseconds, simulated. */
  at: number
  method: string
  origin: string
  /** Without the query, which may hold codes. */
  path: string
  grantType?: string
  /** 0 when the connection was dropped. */
  status: number
  /** The OAuth or REST error code of the answer. */
  error?: string
}

const limit = 10_000

export interface RequestLog {
  readonly lines: readonly RequestLine[]
  add(line: RequestLine): void
  clear(): void
}

/** The last 10,000 requests. */
export function createRequestLog(listener?: (line: RequestLine) => void): RequestLog {
  const lines: RequestLine[] = []
  return {
    lines,
    add(line) {
      lines.push(line)
      if (lines.length > limit) lines.shift()
      listener?.(line)
    },
    clear() {
      lines.length = 0
    },
  }
}
