import type { ExecutionContext } from '@nestjs/common'

interface Named {
  readonly authorization?: unknown
  /** gRPC answers all that have the name, NATS the first of them. */
  get?(name: string): unknown
  /** NATS. */
  values?(name: string): unknown
}
type Metadata = Named | null | undefined
type CallContext = Metadata & {
  /** TCP and Redis. */
  getMetadata?(): Metadata
  /** NATS. */
  getHeaders?(): Metadata
  /** RabbitMQ and Kafka. */
  getMessage?(): { readonly properties?: { readonly headers?: Metadata }; readonly headers?: Metadata }
}

const NAME = 'authorization'

/** The `authorization` in the metadata of a call; what the message itself says does not count. */
export function authorizationOf(context: ExecutionContext): string | undefined {
  const call = context.switchToRpc().getContext<CallContext | null | undefined>()
  const message = call?.getMessage?.()
  const headers = call?.getMetadata?.() ?? call?.getHeaders?.() ?? message?.properties?.headers ?? message?.headers
  // gRPC hands over the metadata itself.
  const metadata = headers ?? call
  const found = metadata?.values?.(NAME) ?? metadata?.get?.(NAME) ?? metadata?.authorization
  const values = (Array.isArray(found) ? found : [found]).map(textOf).filter((value) => value !== undefined)
  // Several are joined as in HTTP, and so refused: which one counts must not depend on the transport.
  return values.length === 0 ? undefined : values.join(', ')
}

function textOf(value: unknown): string | undefined {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  return typeof value === 'string' ? value : undefined
}
