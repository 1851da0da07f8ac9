import { toBytes } from './database.ts'

/** The smallest bytes that are greater than all keys with this beginning. */
export function after(prefix: string): Uint8Array {
  // No byte of UTF-8 is 255: one more is always a byte, and that alone is greater than every key.
  if (prefix === '') return concatenate(new Uint8Array(), 255)
  const bytes = toBytes(prefix)
  return concatenate(bytes.subarray(0, -1), (bytes.at(-1) ?? 0) + 1)
}

/** The smallest bytes that are greater than this key. */
export function next(key: Uint8Array): Uint8Array {
  return concatenate(key, 0)
}

function concatenate(bytes: Uint8Array, last: number): Uint8Array {
  const copy = new Uint8Array(bytes.length + 1)
  copy.set(bytes)
  copy[bytes.length] = last
  return typeof Buffer === 'undefined' ? copy : Buffer.from(copy.buffer)
}
