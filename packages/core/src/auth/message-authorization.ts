/** What messages have in place of HTTP's headers: an object of gRPC's or of NATS's, or a plain record. */
export interface MessageMetadata {
  readonly authorization?: unknown
  /** gRPC answers all that have the name, NATS the first of them. */
  get?(name: string): unknown
  /** NATS. */
  values?(name: string): unknown
}

const NAME = 'authorization'

/** The `Authorization` value in the metadata of a message, as `openMessage` takes it. */
export function messageAuthorization(metadata: MessageMetadata | null | undefined): string | undefined {
  const found = metadata?.values?.(NAME) ?? metadata?.get?.(NAME) ?? metadata?.authorization
  const values = (Array.isArray(found) ? found : [found]).map(textOf).filter((value) => value !== undefined)
  // Several are joined as in HTTP, and so refused: which one counts must not depend on the transport.
  return values.length === 0 ? undefined : values.join(', ')
}

function textOf(value: unknown): string | undefined {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  return typeof value === 'string' ? value : undefined
}
