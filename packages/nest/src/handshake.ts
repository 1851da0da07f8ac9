import { ConfigError } from '@orgpass/core'
import type { nodeExchange } from '@orgpass/core/node'

/** Node's own request, below what a platform makes of it. */
export type NodeRequest = Parameters<typeof nodeExchange>[0]
export type NodeResponse = Parameters<typeof nodeExchange>[1]

interface UpgradingServer {
  prependListener(event: 'upgrade', listener: (request: NodeRequest, socket: object) => void): unknown
}

/** A client of `ws` keeps its socket, one of Socket.IO its request. */
interface SocketClient {
  readonly _socket?: object
  readonly request?: NodeRequest
}

const handshakes = new WeakMap<object, NodeRequest>()
const watched = new WeakSet<object>()

/** Keeps the request that each WebSocket of this server begins with: `ws` hands it to `handleConnection` only. */
export function watchHandshakes(server: UpgradingServer): void {
  if (watched.has(server)) return
  watched.add(server)
  server.prependListener('upgrade', (request, socket) => void handshakes.set(socket, request))
}

/**
 * Tells which request a client of `ws` began with. Needed only in `handleConnection(client, request)` of a gateway with
 * a port of its own: on the app's port the handshake is seen anyway.
 */
export function rememberHandshake(client: object, request: NodeRequest): void {
  handshakes.set(client, request)
}

/** @throws {ConfigError} `config/not-mounted` */
export function handshakeOf(client: SocketClient): NodeRequest {
  const request = handshakes.get(client) ?? handshakes.get(client._socket ?? client) ?? client.request
  if (request !== undefined) return request
  const fault = {
    option: 'rememberHandshake()',
    problem: 'was not called for a WebSocket that did not begin at the port of the app',
    hint: 'Call rememberHandshake(client, request) in handleConnection(client, request) of the gateway.',
  }
  throw new ConfigError([fault], 'config/not-mounted')
}
