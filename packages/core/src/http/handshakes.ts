import type { IncomingMessage, Server } from 'node:http'
import { ConfigError } from '../errors/errors.ts'

const handshakes = new WeakMap<object, IncomingMessage>()

/** Keeps the request that each WebSocket of a server begins with: some libraries hand it to nobody later. */
export function watchHandshakes(server: Pick<Server, 'prependListener'>): void {
  server.prependListener('upgrade', (request, socket) => rememberHandshake(socket, request))
}

/**
 * Tells which request a WebSocket client began with. Needed only for a server of its own: on the app's port the
 * handshake is seen anyway.
 */
export function rememberHandshake(client: object, request: IncomingMessage): void {
  handshakes.set(client, request)
}

/**
 * The request that a WebSocket client began with. `ws` knows its socket, Socket.IO its request.
 * @throws {ConfigError} `config/not-mounted` when nobody saw it.
 */
export function recallHandshake(client: {
  readonly _socket?: object
  readonly request?: IncomingMessage
}): IncomingMessage {
  const request = handshakes.get(client) ?? handshakes.get(client._socket ?? client) ?? client.request
  if (request !== undefined) return request
  const problem = 'was not called for a WebSocket that did not begin at the port of the app'
  const hint = 'Call rememberHandshake(client, request) when the client connects, as handleConnection() of a gateway.'
  throw new ConfigError([{ option: 'rememberHandshake()', problem, hint }], 'config/not-mounted')
}
