import type { ExecutionContext } from '@nestjs/common'
import { ConfigError } from '@orgpass/core'
import type { Exchange } from '@orgpass/core'
import { handshakeExchange } from '@orgpass/core/node'
import { authorizationOf } from './call-metadata.ts'

/** What a handler is called for: there is one for each request, client or call. */
export interface Subject {
  readonly key: object
  /** Absent for a request, which the middleware saw. */
  readonly exchange?: Exchange
}

type NodeRequest = Parameters<typeof handshakeExchange>[0]
/** Fastify wraps Node's request, graphql-ws a handshake. */
type PlatformRequest = NodeRequest & { raw?: NodeRequest; extra?: { request: NodeRequest } }
/** A client of `ws` knows its socket, one of Socket.IO its request. */
type SocketClient = object & { _socket?: object; request?: NodeRequest }

export function subjectOf(context: ExecutionContext): Subject {
  switch (context.getType<string>()) {
    case 'ws':
      return ofClient(context.switchToWs().getClient<SocketClient>())
    case 'rpc': {
      const headers = { authorization: authorizationOf(context) }
      const key = context.switchToRpc().getContext<object | null>() ?? headers
      return { key, exchange: handshakeExchange({ method: 'POST', headers }) }
    }
    case 'graphql':
      return ofRequest(context.getArgByIndex<{ req: PlatformRequest }>(2).req)
    default:
      return ofRequest(context.switchToHttp().getRequest<PlatformRequest>())
  }
}

/** Whether cookies came with a handshake, which any page may begin. */
export function isHandshake({ exchange }: Subject): boolean {
  return exchange?.header('upgrade') !== undefined
}

function ofRequest(request: PlatformRequest): Subject {
  const handshake = request.extra?.request
  return handshake === undefined
    ? { key: request.raw ?? request }
    : { key: handshake, exchange: handshakeExchange(handshake) }
}

function ofClient(client: SocketClient): Subject {
  const request = handshakes.get(client) ?? handshakes.get(client._socket ?? client) ?? client.request
  if (request !== undefined) return { key: client, exchange: handshakeExchange(request) }
  const problem = 'was not called for a WebSocket that did not begin at the port of the app'
  const hint = 'Call rememberHandshake(client, request) in handleConnection(client, request) of the gateway.'
  throw new ConfigError([{ option: 'rememberHandshake()', problem, hint }], 'config/not-mounted')
}

const handshakes = new WeakMap<object, NodeRequest>()

/** Keeps the request that each WebSocket of a server begins with: `ws` hands it to `handleConnection` only. */
export function watchHandshakes(server: {
  prependListener(event: 'upgrade', listener: (request: NodeRequest, socket: object) => void): unknown
}): void {
  server.prependListener('upgrade', (request, socket) => rememberHandshake(socket, request))
}

/**
 * Tells which request a client of `ws` began with. Needed only in `handleConnection(client, request)` of a gateway with
 * a port of its own: on the app's port the handshake is seen anyway.
 */
export function rememberHandshake(client: object, request: NodeRequest): void {
  handshakes.set(client, request)
}
