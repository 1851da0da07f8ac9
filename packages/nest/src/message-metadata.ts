import type { ExecutionContext } from '@nestjs/common'

/** What the transports call the place of a message's metadata. */
interface CallContext {
  /** TCP, Redis. */
  getMetadata?(): unknown
  /** NATS. */
  getHeaders?(): unknown
  /** RabbitMQ, Kafka. */
  getMessage?(): { properties?: { headers?: unknown }; headers?: unknown }
}

/** The `authorization` in the metadata that came with a message; what the message itself says does not count. */
export function authorizationOf(context: ExecutionContext): string | undefined {
  const call = context.switchToRpc().getContext<CallContext | undefined>()
  const message = call?.getMessage?.()
  const metadata = call?.getMetadata?.() ?? call?.getHeaders?.() ?? message?.properties?.headers ?? message?.headers
  // gRPC hands over the metadata itself.
  return text(lookUp(metadata ?? call))
}

function lookUp(metadata: unknown): unknown {
  if (typeof metadata !== 'object' || metadata === null) return undefined
  if ('get' in metadata && typeof metadata.get === 'function') return metadata.get('authorization')
  return 'authorization' in metadata ? metadata.authorization : undefined
}

function text(value: unknown): string | undefined {
  const [first] = [value].flat()
  if (first instanceof Uint8Array) return new TextDecoder().decode(first)
  return typeof first === 'string' && first !== '' ? first : undefined
}
