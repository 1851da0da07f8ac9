import { request } from 'node:http'
import type { OutgoingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import { isLoopback } from './loopback.ts'

export interface Navigation {
  readonly method: string
  readonly url: URL
  readonly headers: OutgoingHttpHeaders
  readonly body: string | Uint8Array | undefined
  /** Where the bytes really go when `url` is served behind a proxy. */
  readonly via: URL | undefined
}

const bodiless = new Set([204, 205, 304])

/**
 * One request and its unread answer. Not `fetch`, because fetch overwrites Sec-Fetch-Mode and forbids Host.
 * @throws TypeError when the bytes would leave this machine.
 */
export async function navigate({ method, url, headers, body, via }: Navigation): Promise<Response> {
  const target = via ?? url
  if (target.protocol !== 'http:' || !isLoopback(target.hostname))
    throw new TypeError(
      `${target.origin} is not plain http on this machine: give its loopback server in the option via`,
    )
  return new Promise((resolve, reject) => {
    const outgoing = request({
      // Names below localhost need not resolve on every machine, and test servers bind 127.0.0.1.
      host: target.hostname === '[::1]' ? '::1' : '127.0.0.1',
      port: target.port,
      agent: false,
      method,
      path: url.pathname + url.search,
      headers: { ...headers, host: url.host, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) },
    })
    outgoing.once('error', reject)
    outgoing.once('response', (incoming) => {
      const status = incoming.statusCode ?? 0
      const answer = new Headers()
      for (let i = 0; i < incoming.rawHeaders.length; i += 2)
        answer.append(incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? '')
      const empty = bodiless.has(status) || method === 'HEAD'
      if (empty) incoming.resume()
      const stream = empty ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>)
      const response = new Response(stream, { status, statusText: incoming.statusMessage ?? '', headers: answer })
      resolve(Object.defineProperty(response, 'url', { value: url.href }))
    })
    outgoing.end(body)
  })
}
