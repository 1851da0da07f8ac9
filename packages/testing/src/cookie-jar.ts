import { Cookie, defaultPath, domainMatch, getPublicSuffix, pathMatch } from 'tough-cookie'
import { isLoopback } from './loopback.ts'

export type SameSite = 'strict' | 'lax' | 'none'

export interface StoredCookie {
  readonly name: string
  readonly value: string
  readonly domain: string
  readonly hostOnly: boolean
  readonly path: string
  readonly secure: boolean
  readonly httpOnly: boolean
  /** As the browser applies it: `lax` when the line said nothing. */
  readonly sameSite: SameSite
  /** Epoch milliseconds; `Infinity` for a session cookie. */
  readonly expiresAt: number
  readonly createdAt: number
}

export interface CookieJar {
  /** Applies one `Set-Cookie` line that `url` answered with; false when a browser would ignore it. */
  store(line: string, url: URL): boolean
  /** What a browser sends to `url`, longest path first. `reach` is the strictest SameSite value the request may carry. */
  matching(url: URL, reach: SameSite): StoredCookie[]
  readonly all: () => StoredCookie[]
  readonly remove: (name: string) => void
  readonly clear: () => void
}

const ranks: Record<SameSite, number> = { none: 0, lax: 1, strict: 2 }
const maxPairLength = 4096

/**
 * A browser's jar. tough-cookie parses; storing is ours because its own jar takes no clock, prolongs Max-Age on
 * every read, and lets through what browsers refuse (oversized pairs, `SameSite=None` without `Secure`).
 */
export function createCookieJar(now: () => number): CookieJar {
  let cookies: StoredCookie[] = []
  const all = (): StoredCookie[] => cookies.filter((cookie) => cookie.expiresAt > now())

  return {
    store(line, url) {
      const cookie = toStored(line, url, now())
      if (cookie === undefined || !isAcceptable(cookie, url)) return false
      if (!isTrustworthy(url) && all().some((other) => isSecureTwin(other, cookie))) return false
      const old = all().find((other) => key(other) === key(cookie))
      const next = { ...cookie, createdAt: old?.createdAt ?? cookie.createdAt }
      cookies = [...all().filter((other) => other !== old), next]
      return true
    },
    matching(url, reach) {
      return all()
        .filter((cookie) => matchesHost(cookie, url.hostname) && pathMatch(url.pathname, cookie.path))
        .filter((cookie) => (!cookie.secure || isTrustworthy(url)) && ranks[cookie.sameSite] <= ranks[reach])
        .sort((a, b) => b.path.length - a.path.length || a.createdAt - b.createdAt)
    },
    all,
    remove(name) {
      cookies = cookies.filter((cookie) => cookie.name !== name)
    },
    clear() {
      cookies = []
    },
  }
}

/** Scheme and registrable domain: what browsers compare to tell whether a request is same-site. */
export function siteOf(url: URL): string {
  return `${url.protocol}//${registrableDomain(url.hostname) ?? url.hostname}`
}

function toStored(line: string, url: URL, at: number): StoredCookie | undefined {
  const cookie = Cookie.parse(line)
  if (cookie === undefined) return undefined
  const domain = cookie.domain ?? url.hostname
  return {
    name: cookie.key,
    value: cookie.value,
    domain,
    // A domain that no other host may share is stored for this host alone.
    hostOnly: cookie.domain === null || (domain === url.hostname && registrableDomain(domain) === undefined),
    path: cookie.path ?? defaultPath(url.pathname),
    secure: cookie.secure,
    httpOnly: cookie.httpOnly,
    sameSite: cookie.sameSite === 'strict' || cookie.sameSite === 'none' ? cookie.sameSite : 'lax',
    expiresAt: expiry(cookie, at),
    createdAt: at,
  }
}

function expiry({ maxAge, expires }: Cookie, at: number): number {
  if (typeof maxAge === 'number') return maxAge > 0 ? at + maxAge * 1000 : -Infinity
  return expires instanceof Date ? expires.getTime() : Infinity
}

function isAcceptable(cookie: StoredCookie, url: URL): boolean {
  const name = cookie.name.toLowerCase()
  if (cookie.name.length + cookie.value.length > maxPairLength) return false
  if (!cookie.hostOnly && registrableDomain(cookie.domain) === undefined) return false
  if (!matchesHost(cookie, url.hostname)) return false
  if (cookie.secure ? !isTrustworthy(url) : cookie.sameSite === 'none' || /^__(?:host|secure)-/.test(name)) return false
  return !name.startsWith('__host-') || (cookie.hostOnly && cookie.path === '/')
}

function matchesHost(cookie: StoredCookie, hostname: string): boolean {
  return cookie.hostOnly ? cookie.domain === hostname : domainMatch(hostname, cookie.domain) === true
}

/** Undefined for what cannot have subdomains of one owner: addresses, top-level names, public suffixes. */
function registrableDomain(hostname: string): string | undefined {
  if (!hostname.includes('.')) return undefined
  return getPublicSuffix(hostname, { allowSpecialUseDomain: true, ignoreError: true })
}

function isTrustworthy(url: URL): boolean {
  return url.protocol === 'https:' || isLoopback(url.hostname)
}

function isSecureTwin(kept: StoredCookie, cookie: StoredCookie): boolean {
  const sameHost = domainMatch(kept.domain, cookie.domain) === true || domainMatch(cookie.domain, kept.domain) === true
  return kept.secure && kept.name === cookie.name && sameHost && pathMatch(cookie.path, kept.path)
}

function key({ name, domain, path, hostOnly }: StoredCookie): string {
  return JSON.stringify([name, domain, path, hostOnly])
}
