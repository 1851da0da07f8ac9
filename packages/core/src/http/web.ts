import type { Exchange, Reply } from './exchange.ts'
import { bodyUnreadable, parsedForm, readForm } from './form.ts'
import { replyHeaders } from './reply.ts'

/** An {@link Exchange} over a Fetch `Request`: {@link withCookies} puts its cookies on the response. */
export interface WebExchange extends Exchange {
  /** The `Set-Cookie` lines to send, by cookie name. */
  readonly cookies: ReadonlyMap<string, string>
  /** Says that the response is leaving: `committed` is true from here on. */
  commit(): void
}

export interface WebExchangeOptions {
  /** The platform's own, as Workers hand it to the `fetch` handler. @default absent: work behind a reply runs unguarded */
  waitUntil?: (work: Promise<unknown>) => void
  /** What the framework's parser made of a body that was read before. @default nothing parses bodies */
  parsedBody?: () => Promise<unknown>
}

/**
 * Views a Fetch `Request` as an {@link Exchange}. Finish with {@link withCookies}, once, whatever the response: only
 * then are cookies sent and is a renewal that could no longer reach the browser refused.
 */
export function webExchange(request: Request, { waitUntil, parsedBody }: WebExchangeOptions = {}): WebExchange {
  const cookies = new Map<string, string>()
  const { url, headers } = request
  // Most runtimes take no header on the answer to a handshake.
  let committed = headers.get('upgrade')?.toLowerCase() === 'websocket'
  return {
    cookies,
    commit: () => void (committed = true),
    method: request.method,
    target: url.slice(url.indexOf('/', url.indexOf('//') + 2)),
    header: (name) => headers.get(name) ?? undefined,
    async form() {
      // Reading nothing leaves the same trace as reading something.
      if (headers.get('content-length') === '0') return new URLSearchParams()
      if (!request.bodyUsed)
        return readForm((request.body ?? []) as AsyncIterable<Uint8Array>, headers.get('content-type'))
      const form = parsedForm(await parsedBody?.().catch(() => undefined))
      if (form === undefined) throw bodyUnreadable()
      return form
    },
    setCookie: (name, line) => void cookies.set(name, line),
    get committed() {
      return committed
    },
    ...(waitUntil && { waitUntil }),
  }
}

/** Turns a {@link Reply} into a `Response`, without the cookies of its exchange. */
export function webReply(reply: Reply): Response {
  return new Response(reply.body ?? null, { status: reply.status, headers: replyHeaders(reply) })
}

/**
 * The response to send: with the cookies that were set while it was made, in place of its own of the same names, and
 * then never to be cached. It is leaving: from here on the exchange is committed.
 */
export function withCookies(response: Response, exchange: WebExchange): Response {
  const { cookies } = exchange
  exchange.commit()
  // A switch of protocols carries no cookie, and no runtime but its maker can copy it.
  if (cookies.size === 0 || response.status < 200) return response
  const copy = new Response(response.body, response)
  const others = copy.headers.getSetCookie().filter((line) => !cookies.has(line.slice(0, line.indexOf('='))))
  copy.headers.delete('set-cookie')
  for (const line of [...others, ...cookies.values()]) copy.headers.append('set-cookie', line)
  copy.headers.set('cache-control', 'no-store')
  return copy
}
