import type { Exchange } from '../http/exchange.ts'

/** Browsers take 4,096 bytes a cookie, name and attributes included. */
const MAX_VALUE = 3_800
/** Most servers refuse headers beyond 16 KiB. */
const MAX_CHUNKS = 3

export interface CookieOptions {
  /** Whether the app is on https: then `Secure` is set. */
  readonly secure: boolean
  /** How long the browser keeps it. Milliseconds; 0 deletes it. */
  readonly maxAge: number
}

/** One `Set-Cookie` line: HttpOnly, SameSite=Lax, for this host and every path. */
export function cookieLine(name: string, value: string, { secure, maxAge }: CookieOptions): string {
  const seconds = Math.max(0, Math.ceil(maxAge / 1000))
  return `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
}

/** The value of a cookie in a `Cookie` header. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined
  const wanted = `${name}=`
  for (let start = 0; start < header.length;) {
    let end = header.indexOf(';', start)
    if (end === -1) end = header.length
    // Only what browsers send: other blanks would let "\t__Host-…", which no prefix rule guards, pass for the cookie.
    while (header.charCodeAt(start) === 32) start++
    if (header.startsWith(wanted, start)) return header.slice(start + wanted.length, end).trimEnd()
    start = end + 1
  }
  return undefined
}

/** The names of the cookies in a `Cookie` header that begin with a prefix. */
export function cookieNames(header: string | undefined, prefix: string): string[] {
  const pairs = (header ?? '').split(';').map((pair) => pair.replace(/^ +/, ''))
  const names = pairs.map((pair) => pair.slice(0, Math.max(0, pair.indexOf('='))))
  return names.filter((name) => name.startsWith(prefix))
}

/** A value that may be longer than one cookie: `name`, then `name.1`, `name.2`, with the count in front of the first. */
export function readChunked(header: string | undefined, name: string): string | undefined {
  const first = readCookie(header, name)
  const [, digit, rest] = /^([2-9]):(.*)$/.exec(first ?? '') ?? []
  if (digit === undefined || rest === undefined) return first
  let value = rest
  for (let i = 1; i < Number(digit); i++) {
    const chunk = readCookie(header, `${name}.${i}`)
    if (chunk === undefined) return undefined
    value += chunk
  }
  return value
}

/** Writes a value of any length and clears chunks that an earlier, longer value left. False when it is too long to keep. */
export function writeChunked(exchange: Exchange, name: string, cookie: { value: string } & CookieOptions): boolean {
  const { value, ...options } = cookie
  const count = Math.max(1, Math.ceil((value.length + 2) / MAX_VALUE))
  if (count > MAX_CHUNKS) return false
  const text = count === 1 ? value : `${count}:${value}`
  for (let i = 0; i < count; i++) {
    const chunk = i === 0 ? name : `${name}.${i}`
    exchange.setCookie(chunk, cookieLine(chunk, text.slice(i * MAX_VALUE, (i + 1) * MAX_VALUE), options))
  }
  const sent = cookieNames(exchange.header('cookie'), `${name}.`)
  for (let i = count; i < MAX_CHUNKS; i++) {
    const chunk = `${name}.${i}`
    if (sent.includes(chunk)) exchange.setCookie(chunk, cookieLine(chunk, '', { ...options, maxAge: 0 }))
  }
  return true
}

/** Deletes a value that {@link writeChunked} wrote, in every length the browser may hold. */
export function clearChunked(exchange: Exchange, name: string, secure: boolean): void {
  for (let i = 0; i < MAX_CHUNKS; i++) {
    const chunk = i === 0 ? name : `${name}.${i}`
    exchange.setCookie(chunk, cookieLine(chunk, '', { secure, maxAge: 0 }))
  }
}
