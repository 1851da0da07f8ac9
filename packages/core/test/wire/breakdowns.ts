import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { listen } from '@orgpass/testing'
import type { SalesforceAuthErrorCode } from '../../src/index.ts'
import { inWorkers } from '../host.ts'

export interface Breakdown {
  readonly name: string
  readonly listener: RequestListener
  readonly code: SalesforceAuthErrorCode
  readonly retryable: boolean
}

const html = '<html><body><h1>We are down for maintenance.</h1></body></html>'
const reply =
  (status: number, body: string): RequestListener =>
  (_req, res) =>
    void res.writeHead(status).end(body)

const brokenConnections: readonly Breakdown[] = [
  {
    name: 'hangs up at once',
    listener: (req) => void req.socket.destroy(),
    code: 'net/connection-lost',
    retryable: true,
  },
  { name: 'hangs up half-way', listener: hangUpHalfWay, code: 'net/connection-lost', retryable: true },
  { name: 'never answers', listener: () => undefined, code: 'net/timeout', retryable: true },
]

/** How a server, or what stands before it, fails to answer; the request has left in every case. */
export const breakdowns: readonly Breakdown[] = [
  // The workers of these tests have no sockets that could break.
  ...(inWorkers ? [] : brokenConnections),
  { name: 'is under maintenance', listener: reply(503, html), code: 'net/server-error', retryable: true },
  { name: 'wants to be asked less', listener: reply(429, ''), code: 'net/server-error', retryable: true },
  { name: 'breaks off its JSON', listener: reply(200, '{"active":tr'), code: 'net/not-json', retryable: true },
  { name: 'answers a page', listener: reply(200, html), code: 'net/not-json', retryable: true },
  { name: 'answers null', listener: reply(200, 'null'), code: 'net/not-json', retryable: true },
  { name: 'answers a list', listener: reply(400, '[]'), code: 'net/not-json', retryable: false },
  { name: 'has no such page', listener: reply(404, html), code: 'net/not-json', retryable: false },
  { name: 'redirects', listener: redirect, code: 'net/redirected', retryable: false },
  {
    name: 'answers without end',
    listener: reply(200, 'x'.repeat(1024 * 1024 + 1)),
    code: 'net/too-large',
    retryable: false,
  },
]

function hangUpHalfWay(_req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(200, { 'content-length': 100 })
  res.write('{"active":', () => res.destroy())
}

function redirect(_req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(302, { location: 'https://acme.my.salesforce.com/services/oauth2/token?token=5AepPlanted' }).end()
}

/** A server for the length of one test. */
export async function listenBriefly(listener: RequestListener): Promise<{ url: string } & AsyncDisposable> {
  const server = await listen(listener)
  return { url: server.url, [Symbol.asyncDispose]: () => server.close() }
}

/** An origin of this machine where nobody listens. */
export async function deadBase(): Promise<string> {
  const server = await listen(() => undefined)
  await server.close()
  return server.url
}
