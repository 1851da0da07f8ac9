import { RequestError } from '../errors/errors.ts'

const MAX_FORM_BYTES = 64 * 1024

/**
 * Reads an urlencoded body chunk by chunk.
 * @throws {RequestError} `request/body-too-large` beyond 64 KiB.
 */
export async function readForm(chunks: AsyncIterable<Uint8Array>): Promise<URLSearchParams> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of readable(chunks)) {
    size += chunk.byteLength
    if (size > MAX_FORM_BYTES) {
      throw new RequestError('request/body-too-large', 'The form is larger than 64 KiB.', {
        hint: 'The auth routes take small forms only.',
      })
    }
    text += decoder.decode(chunk, { stream: true })
  }
  return new URLSearchParams(text + decoder.decode())
}

async function* readable(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* chunks
  } catch (cause) {
    throw new RequestError('request/body-unreadable', 'The request body broke off.', {
      cause,
      hint: 'Send the form again.',
    })
  }
}

/** The form in what a body parser made of the body: its fields, its text or its bytes. */
export function parsedForm(body: unknown): URLSearchParams | undefined {
  if (typeof body === 'string') return new URLSearchParams(body)
  if (body instanceof Uint8Array) return new URLSearchParams(new TextDecoder().decode(body))
  if (typeof body !== 'object' || body === null) return undefined
  return new URLSearchParams(
    Object.entries(body).filter((member): member is [string, string] => typeof member[1] === 'string'),
  )
}

/** A body that is gone and was not parsed by anything this kit knows. */
export function bodyUnreadable(): RequestError {
  return new RequestError('request/body-unreadable', 'The request body was read before the auth route got to it.', {
    hint: 'Mount the auth middleware before whatever reads bodies, or let a form parser fill in the parsed body.',
  })
}
