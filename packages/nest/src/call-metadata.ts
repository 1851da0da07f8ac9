import type { ExecutionContext } from '@nestjs/common'
import { messageAuthorization } from '@orgpass/core/node'

type Metadata = Parameters<typeof messageAuthorization>[0]
type CallContext = Metadata & {
  /** TCP and Redis. */
  getMetadata?(): Metadata
  /** NATS. */
  getHeaders?(): Metadata
  /** RabbitMQ and Kafka. */
  getMessage?(): { readonly properties?: { readonly headers?: Metadata }; readonly headers?: Metadata }
}

/** The `authorization` in the metadata of a call; what the message itself says does not count. */
export function authorizationOf(context: ExecutionContext): string | undefined {
  const call = context.switchToRpc().getContext<CallContext | null | undefined>()
  const message = call?.getMessage?.()
  const headers = call?.getMetadata?.() ?? call?.getHeaders?.() ?? message?.properties?.headers ?? message?.headers
  // gRPC hands over the metadata itself.
  return messageAuthorization(headers ?? call)
}
