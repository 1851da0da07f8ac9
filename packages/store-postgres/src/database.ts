/** What the store needs of a database: a `Pool` of the package `pg` fits, and so does a PGlite. */
export interface Database {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
  /** Runs several statements as one transaction; PGlite's `query` takes one only. */
  exec?(text: string): Promise<unknown>
}

const utf8 = new TextEncoder()
// Its default would take a mark at the beginning away.
const text = new TextDecoder('utf-8', { ignoreBOM: true })

/** Bytes, because PostgreSQL's texts hold no NUL and sort as a locale wants it. */
export function toBytes(value: string): Uint8Array {
  const bytes = utf8.encode(value)
  // The package pg sends Buffers as bytes, and other arrays as JSON.
  return typeof Buffer === 'undefined' ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function fromBytes(bytes: unknown): string {
  return text.decode(bytes as Uint8Array)
}
