import { DEFAULT_TIMEOUT } from './http-client.ts'
import { chunksOf } from './read-body.ts'

/** As much of a body as tells a refusal. */
export const MAX_PEEK_BYTES: number = 16 * 1024

/**
 * The beginning of a body, without taking it away from the caller: what comes before it ends, breaks off or, by
 * default, ten seconds have passed. Empty when there is none.
 */
export async function peekBody(response: Response, timeout: number = DEFAULT_TIMEOUT): Promise<string> {
  const copy = response.clone()
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  try {
    for await (const chunk of chunksOf(copy, AbortSignal.timeout(timeout))) {
      size += chunk.byteLength
      text += decoder.decode(chunk, { stream: true })
      if (size >= MAX_PEEK_BYTES) break
    }
  } catch {
    return text
  }
  return text
}
