import type { EndpointContext } from '../world.ts'

export interface Callback {
  uri: string
  /** What the parameters follow: a query or a fragment. */
  mark: '?' | '#'
}

export function toCallback(
  context: EndpointContext,
  { uri, mark }: Callback,
  params: Iterable<readonly (string | number)[]>,
): Response {
  const text = [...params].map((pair) => pair.map((part) => encodeURIComponent(part)).join('=')).join('&')
  context.header('cache-control', 'no-store')
  return context.redirect(uri + (mark === '?' && uri.includes('?') ? '&' : mark) + text)
}
