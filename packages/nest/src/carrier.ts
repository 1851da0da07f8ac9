import type { ExecutionContext } from '@nestjs/common'
import { ConfigError } from '@orgpass/core'
import type { Exchange } from '@orgpass/core'
import { handshakeExchange } from '@orgpass/core/node'
import { handshakeOf } from './handshake.ts'
import type { NodeRequest } from './handshake.ts'
import { authorizationOf } from './message-metadata.ts'

/** What a handler is called for: there is one for each request, client or call. */
export interface Carrier {
  readonly key: object
  /** Absent for a request: the middleware opened it. */
  readonly exchange?: Exchange
}

/** Fastify wraps Node's request, and graphql-ws a handshake. */
type WrappedRequest = NodeRequest & { raw?: NodeRequest; extra?: { request: NodeRequest } }

export function carrierOf(context: ExecutionContext): Carrier {
  switch (context.getType<string>()) {
    case 'ws': {
      const client = context.switchToWs().getClient<object>()
      return { key: client, exchange: handshakeExchange(handshakeOf(client)) }
    }
    case 'rpc':
      return { key: context.switchToRpc().getContext<object | undefined>() ?? {}, exchange: messageExchange(context) }
    case 'graphql':
      return ofOperation(context.getArgByIndex<{ req?: WrappedRequest } | undefined>(2)?.req)
    default: {
      const request = context.switchToHttp().getRequest<WrappedRequest>()
      return { key: request.raw ?? request }
    }
  }
}

/** Cookies go along with a handshake that any page began. */
export function isHandshake({ exchange }: Carrier): boolean {
  return exchange?.header('upgrade') !== undefined
}

function ofOperation(req: WrappedRequest | undefined): Carrier {
  if (req === undefined) {
    const problem = 'makes a context without the request'
    const hint = 'Put it there: context: ({ req }) => ({ req }).'
    throw new ConfigError([{ option: 'GraphQLModule.context', problem, hint }], 'config/not-mounted')
  }
  const handshake = req.extra?.request
  if (handshake !== undefined) return { key: handshake, exchange: handshakeExchange(handshake) }
  return { key: req.raw ?? req }
}

/** Of a message only the bearer token counts, and nothing can be kept for its sender. */
function messageExchange(context: ExecutionContext): Exchange {
  return {
    method: 'POST',
    target: '/',
    header: (name) => (name === 'authorization' ? authorizationOf(context) : undefined),
    form: async () => new URLSearchParams(),
    setCookie: () => undefined,
    committed: true,
  }
}
