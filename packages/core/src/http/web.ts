import type { Exchange, Reply } from './exchange.ts'
import { bodyUnreadable, readForm } from './form.ts'

/** An {@link Exchange} over a Fetch `Request`; `cookies` collects the lines to append to its response. */
export interface WebExchange extends Exchange {
  readonly cookies: ReadonlyMap<string, string>
}

/** Views a Fetch `Request` as an {@link Exchange}. */
export function webExchange(request: Request): WebExchange {
  const cookies = new Map<string, string>()
  const { url } = request
  return {
    cookies,
    method: request.method,
    target: url.slice(url.indexOf('/', url.indexOf('//') + 2)),
    header: (name) => request.headers.get(name) ?? undefined,
    async form() {
      if (request.bodyUsed) throw bodyUnreadable()
      return readForm((request.body ?? []) as AsyncIterable<Uint8Array>)
    },
    setCookie: (name, line) => void cookies.set(name, line),
    committed: false,
  }
}

/** Turns a {@link Reply} into a `Response`, with the cookies of its exchange. */
export function webReply(reply: Reply, exchange: WebExchange): Response {
  const headers = new Headers(reply.headers)
  if (reply.location !== undefined) headers.set('location', reply.location)
  return withCookies(new Response(reply.body ?? null, { status: reply.status, headers }), exchange)
}

/** A response with the cookies that were set while it was made; such a response must not be cached. */
export function withCookies(response: Response, { cookies }: WebExchange): Response {
  if (cookies.size === 0) return response
  const copy = new Response(response.body, response)
  for (const line of cookies.values()) copy.headers.append('set-cookie', line)
  copy.headers.set('cache-control', 'no-store')
  return copy
}
