import { ownPath } from '../org/own-path.ts'

const MAX_LENGTH = 1_000

/**
 * A path on this app's own origin that is safe to send a browser to, or `fallback`. Whatever a browser could read as
 * another host, a scheme or an endless loop through the auth routes is not followed.
 */
export function safeReturnTo(
  value: unknown,
  baseUrl: string,
  { avoid, fallback = '/' }: { avoid: readonly string[]; fallback?: string },
): string {
  if (typeof value !== 'string') return fallback
  const url = ownPath(value, new URL(baseUrl).origin)
  if (url === undefined) return fallback
  const path = url.pathname + url.search + url.hash
  // As it will be kept: what a URL has to escape grows.
  return avoid.includes(url.pathname) || path.length > MAX_LENGTH ? fallback : path
}
