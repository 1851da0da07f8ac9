import type { Fetch } from '../../src/index.ts'

/** One request as it leaves: what a server would read. */
export interface SentRequest {
  readonly method: string
  readonly origin: string
  /** Path and query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  /** The form-encoded body; RFC 6749 forbids a parameter to stand twice. */
  readonly form: Readonly<Record<string, string>>
  /** The body, when it is JSON. */
  readonly json?: unknown
  readonly redirect: string
}

export interface Recorder {
  readonly fetch: Fetch
  /** Everything sent so far, oldest first. */
  readonly sent: SentRequest[]
}

/** The global `fetch`, with a memory. */
export function recordFetch(): Recorder {
  const sent: SentRequest[] = []
  return {
    sent,
    async fetch(input, init) {
      const request = new Request(input, init)
      const url = new URL(request.url)
      const text = await request.clone().text()
      const isJson = request.headers.get('content-type') === 'application/json'
      const parameters = [...new URLSearchParams(isJson ? '' : text)]
      const form = Object.fromEntries(parameters)
      if (Object.keys(form).length < parameters.length) throw new Error('A parameter stands twice in the body.')
      const { method, headers, redirect } = request
      sent.push({
        method,
        redirect,
        form,
        ...(isJson && { json: JSON.parse(text) as unknown }),
        origin: url.origin,
        target: url.pathname + url.search,
        headers: Object.fromEntries(headers),
      })
      return globalThis.fetch(request)
    },
  }
}
