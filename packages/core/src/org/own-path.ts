/**
 * An address on one's own origin, made of a path that begins with a single slash; `undefined` for whatever a browser
 * could read as another host or a scheme.
 */
export function ownPath(value: string, origin: string): URL | undefined {
  if (!/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(value)) return undefined
  const url = URL.canParse(value, origin) ? new URL(value, origin) : undefined
  // A path that dots shorten to `//host` would leave the origin when it is followed.
  return url === undefined || url.origin !== origin || url.pathname.startsWith('//') ? undefined : url
}
