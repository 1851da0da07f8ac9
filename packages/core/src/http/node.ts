import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Exchange, Reply } from './exchange.ts'
import { bodyUnreadable, parsedForm, readForm } from './form.ts'
import { replyHeaders } from './reply.ts'

/** What frameworks and body parsers add to a request: Express to Node's own, Koa and Fastify to theirs. */
export interface FrameworkRequest {
  readonly originalUrl?: string
  readonly body?: unknown
}

/** Views a Node request and response as an {@link Exchange}; allocates no `Request` and no `Headers`. */
export function nodeExchange(
  req: IncomingMessage,
  res: ServerResponse,
  framework: FrameworkRequest = req as object,
): Exchange {
  return {
    method: req.method ?? 'GET',
    target: framework.originalUrl ?? req.url ?? '/',
    header: (name) => headerOf(req, name),
    form: () => readBody(req, framework),
    setCookie: (name, line) => void cookiesOf(res).set(name, line),
    get committed() {
      return res.headersSent
    },
  }
}

/**
 * Views what somebody sent who cannot be given a cookie any more, such as the handshake of a WebSocket: a refresh token
 * that is kept in one is not spent.
 */
export function handshakeExchange(req: Pick<IncomingMessage, 'method' | 'url'> & NodeHeaders): Exchange {
  return {
    method: req.method ?? 'GET',
    target: req.url ?? '/',
    header: (name) => headerOf(req, name),
    form: async () => new URLSearchParams(),
    setCookie: () => undefined,
    committed: true,
  }
}

type NodeHeaders = Pick<IncomingMessage, 'headers'> & Partial<Pick<IncomingMessage, 'rawHeaders'>>

function headerOf(req: NodeHeaders, name: string): string | undefined {
  if (name === 'authorization') return authorizationOf(req)
  const value = req.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

/** Node keeps the first of several, where Fetch joins them and so shows that there are. */
function authorizationOf({ headers, rawHeaders = [] }: NodeHeaders): string | undefined {
  const all = rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === 'authorization')
  return all.length > 1 ? all.join(', ') : headers.authorization
}

const cookies = new WeakMap<ServerResponse, Map<string, string>>()

/** The lines to put on a response when its head leaves: until then, the app may do to the headers what it likes. */
function cookiesOf(res: ServerResponse): Map<string, string> {
  const known = cookies.get(res)
  if (known !== undefined) return known
  const lines = new Map<string, string>()
  cookies.set(res, lines)
  const writeHead = res.writeHead.bind(res)
  res.writeHead = (status: number, ...rest: unknown[]): typeof res => {
    takeHeaders(res, rest.at(-1))
    const others = [res.getHeader('set-cookie') ?? []].flat().map(String)
    const kept = others.filter((line) => !lines.has(line.slice(0, line.indexOf('='))))
    res.setHeader('set-cookie', [...kept, ...lines.values()])
    res.setHeader('cache-control', 'no-store')
    return typeof rest[0] === 'string' ? writeHead(status, rest[0]) : writeHead(status)
  }
  return lines
}

/** Sets what was given to `writeHead`: an object, a flat list or a list of pairs. */
function takeHeaders(res: ServerResponse, headers: unknown): void {
  if (typeof headers !== 'object' || headers === null) return
  const isFlat = Array.isArray(headers) && !Array.isArray(headers[0])
  const list: readonly unknown[] = isFlat
    ? headers
    : (Array.isArray(headers) ? headers : Object.entries(headers)).flat()
  const names = new Set<string>()
  for (let i = 0; i < list.length; i += 2) {
    const [name, value] = [String(list[i]), list[i + 1] as string | string[]]
    if (names.has(name.toLowerCase())) res.appendHeader(name, value)
    else res.setHeader(name, value)
    names.add(name.toLowerCase())
  }
}

/** Writes a {@link Reply} to a Node response and ends it. */
export function sendReply(res: ServerResponse, reply: Reply): void {
  res.statusCode = reply.status
  for (const [name, value] of Object.entries(replyHeaders(reply))) res.setHeader(name, value)
  res.end(reply.body)
}

async function readBody(req: IncomingMessage, framework: FrameworkRequest): Promise<URLSearchParams> {
  // Some parsers leave an empty object on requests that they did not read: what is still in the stream counts first.
  if (!req.readableDidRead) return readForm(req as AsyncIterable<Uint8Array>, req.headers['content-type'])
  const form = parsedForm(framework.body)
  if (form === undefined) throw bodyUnreadable()
  return form
}
