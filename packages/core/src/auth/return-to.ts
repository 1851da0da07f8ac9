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
  if (typeof value !== 'string' || value.length > MAX_LENGTH || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(value))
    return fallback
  const { origin } = new URL(baseUrl)
  const url = URL.canParse(value, origin) ? new URL(value, origin) : undefined
  // A path that dots shorten to `//host` would leave the origin when it is followed.
  if (url === undefined || url.origin !== origin || url.pathname.startsWith('//')) return fallback
  return avoid.includes(url.pathname) ? fallback : url.pathname + url.search + url.hash
}
