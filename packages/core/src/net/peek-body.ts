const MAX_PEEK_BYTES = 16 * 1024

/** The beginning of a body, without taking it away from the caller; empty when there is none or it breaks off. */
export async function peekBody(response: Response): Promise<string> {
  const reader = response.clone().body?.getReader()
  if (reader === undefined) return ''
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (let size = 0; size < MAX_PEEK_BYTES;) {
      const { done, value } = await reader.read()
      if (done) break
      size += value.byteLength
      text += decoder.decode(value, { stream: true })
    }
  } catch {
    return text
  }
  void reader.cancel().catch(() => undefined)
  return text
}
