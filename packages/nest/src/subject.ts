import type { ExecutionContext } from '@nestjs/common'
import { ConfigError } from '@orgpass/core'
import type { RequestAuth, SalesforceAuth } from '@orgpass/core'
import { handshakeExchange } from '@orgpass/core/node'
import { authorizationOf } from './call-metadata.ts'

/** What a handler is called for: there is one for each request, client, call or field of a subscription. */
export interface Subject {
  readonly key: object
  /** How to open what the middleware did not see. */
  readonly open?: (salesforce: SalesforceAuth) => RequestAuth
  /** Whether it began with a handshake, which any page may begin with the cookies of this app. */
  readonly isHandshake?: true
}

type NodeRequest = Parameters<typeof handshakeExchange>[0]
/** Fastify wraps Node's request, graphql-ws a handshake. */
type PlatformRequest = NodeRequest & { raw?: NodeRequest; extra?: { request: NodeRequest } }
/** A client of `ws` knows its socket, one of Socket.IO its request. */
type SocketClient = object & { _socket?: object; request?: NodeRequest }

export function subjectOf(context: ExecutionContext): Subject {
  switch (context.getType<string>()) {
    case 'ws': {
      const client = context.switchToWs().getClient<SocketClient>()
      return ofHandshake(client, requestOf(client))
    }
    case 'rpc': {
      const key = context.switchToRpc().getContext<object | null>() ?? {}
      return { key, open: (salesforce) => salesforce.openMessage(authorizationOf(context)) }
    }
    case 'graphql': {
      const { req } = context.getArgByIndex<{ req: PlatformRequest }>(2)
      const handshake = req.extra?.request
      return handshake ? ofHandshake(context.getArgByIndex<object>(3), handshake) : ofRequest(req)
    }
    default:
      return ofRequest(context.switchToHttp().getRequest<PlatformRequest>())
  }
}

function ofRequest(request: PlatformRequest): Subject {
  return { key: request.raw ?? request }
}

function ofHandshake(key: object, request: NodeRequest): Subject {
  return { key, open: (salesforce) => salesforce.openHandshake(handshakeExchange(request)), isHandshake: true }
}

const handshakes = new WeakMap<object, NodeRequest>()

function requestOf(client: SocketClient): NodeRequest {
  const request = handshakes.get(client) ?? handshakes.get(client._socket ?? client) ?? client.request
  if (request !== undefined) return request
  const problem = 'was not called for a WebSocket that did not begin at the port of the app'
  const hint = 'Call rememberHandshake(client, request) in handleConnection(client, request) of the gateway.'
  throw new ConfigError([{ option: 'rememberHandshake()', problem, hint }], 'config/not-mounted')
}

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
