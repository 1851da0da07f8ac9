import { RequestError } from '../errors/errors.ts'
import type { Exchange } from '../http/exchange.ts'

/**
 * Lets a request pass that changes something only when a page of this app sent it. Browsers say where a request
 * comes from; a request that does not say is refused.
 * @throws {RequestError} `request/cross-origin`
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export function requireSameOrigin(exchange: Exchange, origin: string): void {
  const claimed = exchange.header('origin')
  const site = exchange.header('sec-fetch-site')
  // Pages with the referrer policy `no-referrer` have browsers write `null`; of sandboxed frames these say `cross-site`.
  const saysNothing = claimed === undefined || claimed === 'null'
  if (claimed === origin || (saysNothing && site === 'same-origin')) return
  throw crossOrigin(claimed, origin)
}

/**
 * Lets a request pass that says it comes from a page of this app; saying nothing is not enough. Every browser sends
 * `Origin` with the handshake of a WebSocket, and no other site can make it send ours.
 * @throws {RequestError} `request/cross-origin`
 */
export function requireOrigin(exchange: Exchange, origin: string): void {
  const claimed = exchange.header('origin')
  if (claimed !== origin) throw crossOrigin(claimed, origin)
}

/** A request as it is, but without the cookies unless it says that it comes from a page of this app. */
export function withoutForeignCookies(exchange: Exchange, origin: string): Exchange {
  if (exchange.header('origin') === origin) return exchange
  const header: Exchange['header'] = (name) => (name === 'cookie' ? undefined : exchange.header(name))
  // Not a copy: whether it is committed changes.
  return Object.create(exchange, { header: { value: header } })
}

function crossOrigin(claimed: string | undefined, origin: string): RequestError {
  const from = claimed === undefined ? 'a request that does not say where it comes from' : 'a page of another origin'
  return new RequestError(
    'request/cross-origin',
    `This address takes requests from this app's own pages only; this was ${from}.`,
    {
      hint: `Send it from a page under ${origin}. If that is where it came from, baseUrl does not say what browsers see.`,
    },
  )
}
