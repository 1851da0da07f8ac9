import type { ExecutionContext } from '@nestjs/common'
import type { RequestAuth } from '@orgpass/core'
import { handshakeExchange, recallHandshake } from '@orgpass/core/node'
import { authorizationOf } from './call-metadata.ts'
import type { NodeRequest, Source } from './instance.ts'

/** What a handler is called for: there is one for each request, client, call or field of a subscription. */
export interface Subject {
  readonly key: object
  /** How to open what the middleware did not see. */
  readonly open?: (source: Source) => Promise<RequestAuth>
  /** Whether it began with a handshake, which any page may begin with the cookies of this app. */
  readonly isHandshake?: true
}

/** Fastify wraps Node's request, graphql-ws a handshake. */
type PlatformRequest = NodeRequest & { raw?: NodeRequest; extra?: { request: NodeRequest } }

export function subjectOf(context: ExecutionContext): Subject {
  switch (context.getType<string>()) {
    case 'ws': {
      const client = context.switchToWs().getClient<Parameters<typeof recallHandshake>[0]>()
      return ofHandshake(client, recallHandshake(client))
    }
    case 'rpc': {
      const key = context.switchToRpc().getContext<object | null>() ?? {}
      return { key, open: async (source) => source.openMessage(authorizationOf(context)) }
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
  return { key, open: (source) => source.openHandshake(request, handshakeExchange(request)), isHandshake: true }
}
