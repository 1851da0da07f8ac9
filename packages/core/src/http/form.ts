import { RequestError } from '../errors/errors.ts'

const MAX_FORM_BYTES = 64 * 1024

const FORM_TYPE = 'application/x-www-form-urlencoded'

/**
 * Reads an urlencoded body chunk by chunk.
 * @throws {RequestError} `request/body-too-large` beyond 64 KiB; `request/body-unreadable` for a body of another type.
 */
export async function readForm(
  chunks: AsyncIterable<Uint8Array>,
  contentType: string | null | undefined,
): Promise<URLSearchParams> {
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
  text += decoder.decode()
  // What is not understood must not pass for a form that was left empty.
  if (text !== '') requireFormType(contentType)
  return new URLSearchParams(text)
}

function requireFormType(contentType: string | null | undefined): void {
  const type = contentType?.split(';')[0]?.trim().toLowerCase()
  if (type === FORM_TYPE) return
  throw new RequestError('request/body-unreadable', `This address takes forms, and this is ${nameOf(type)}.`, {
    hint: `Send it as ${FORM_TYPE}: fetch does for a body of new URLSearchParams(new FormData(form)).`,
  })
}

function nameOf(type: string | undefined): string {
  return type !== undefined && /^[\w.+/-]{1,100}$/.test(type) ? type : 'something else'
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
