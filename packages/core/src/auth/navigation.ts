import type { Exchange } from '../http/exchange.ts'

/** Whether a person's browser is opening a page at the top level: the only request that a redirect to a login makes sense for. */
export function isNavigation(exchange: Exchange): boolean {
  if (exchange.method !== 'GET' || isPrefetch(exchange)) return false
  const mode = exchange.header('sec-fetch-mode')
  if (mode !== undefined) return mode === 'navigate' && exchange.header('sec-fetch-dest') === 'document'
  const accept = exchange.header('accept') ?? ''
  return accept.includes('text/html') && exchange.header('x-requested-with') === undefined
}

/** Whether the browser only guesses that the page may be opened. */
export function isPrefetch(exchange: Exchange): boolean {
  return /prefetch|prerender/.test(
    `${exchange.header('sec-purpose')} ${exchange.header('purpose')} ${exchange.header('x-moz')}`,
  )
}

/** Whether a script, an image or the like asks in place of a person. Node's own fetch sends a mode and nothing else. */
export function isScript(exchange: Exchange): boolean {
  const [mode, dest] = [exchange.header('sec-fetch-mode'), exchange.header('sec-fetch-dest')]
  return mode !== undefined && mode !== 'navigate' && dest !== undefined
}
