import { TransportError } from '../errors/errors.ts'

const MAX_ANSWER_BYTES = 1024 * 1024

/** The chunks of a body until it ends or the signal comes; what is not read is thrown away. */
export async function* chunksOf({ body }: Response, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  if (body === null) return
  const reader = body.getReader()
  // It ends a read that waits, also of a stream that knows nothing of the signal.
  const stop = (): void => void reader.cancel().catch(() => undefined)
  signal.addEventListener('abort', stop, { once: true })
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

/**
 * The whole text of an answer.
 * @throws the reason of the signal when it comes first; what the body throws when it breaks off.
 * @throws {TransportError} `net/too-large` beyond 1 MiB.
 */
export async function readText(response: Response, host: string, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of chunksOf(response, signal)) {
    size += chunk.byteLength
    if (size > MAX_ANSWER_BYTES) {
      throw new TransportError('net/too-large', `${host} answered with more than 1 MiB.`, {
        sent: true,
        hint: 'Something other than Salesforce seems to answer there: check the login URL and any proxy.',
      })
    }
    text += decoder.decode(chunk, { stream: true })
  }
  signal.throwIfAborted()
  return text + decoder.decode()
}
