import { TransportError } from '../errors/errors.ts'

export type Fetch = typeof globalThis.fetch

export interface HttpClientOptions {
  /** The `fetch` to use. @default globalThis.fetch */
  fetch?: Fetch
  /** How long one request may take, answer included. Milliseconds. @default 10_000 */
  timeout?: number
}

export interface HttpRequest {
  method: 'GET' | 'POST'
  headers?: Headers
  body?: URLSearchParams | string
  signal?: AbortSignal
  /** `'answer'` hands a redirect back; it is followed in no case. @default 'refuse' */
  redirects?: 'refuse' | 'answer'
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** Talks to Salesforce's own endpoints: never follows a redirect, never waits for ever, never reads without end. */
export interface HttpClient {
  /** Sends one request and reads the whole answer, whatever its status. @throws {TransportError} `net/*` */
  send(url: string, request: HttpRequest): Promise<HttpAnswer>
  /**
   * For calls whose answer belongs to the caller: never follows a redirect.
   * @throws {TransportError} `net/*`
   * @throws {TypeError} as `fetch` does, for a request that cannot exist: a body with GET, an invalid method.
   */
  fetch(url: string, init: RequestInit): Promise<Response>
}

const MAX_ANSWER_BYTES = 1024 * 1024

export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { timeout = 10_000 } = options
  // Looked up at each call: test tools and tracing replace the global one late.
  const fetch: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
  return {
    async fetch(url, init) {
      try {
        return await fetch(url, { ...init, redirect: 'manual' })
      } catch (error) {
        if (init.signal?.aborted === true || !isRequest(url, init)) throw error
        throw transportError(new URL(url).host, error)
      }
    },
    async send(url, { signal, redirects = 'refuse', body, ...rest }) {
      const request = body === undefined ? rest : { ...rest, body: sentOnce(body) }
      const deadline = AbortSignal.timeout(timeout)
      const whole = signal ? AbortSignal.any([signal, deadline]) : deadline
      const host = new URL(url).host
      try {
        const response = await fetch(url, { ...request, redirect: 'manual', signal: whole })
        if (redirects === 'refuse' && response.status >= 300 && response.status < 400) throw redirected(url, response)
        return { status: response.status, headers: response.headers, text: await readText(host, response) }
      } catch (error) {
        throw error instanceof TransportError ? error : transportError(host, error, { deadline, signal, timeout })
      }
    },
  }
}

// Deno's fetch sends texts and forms a second time when a connection breaks, which spends a grant twice; Blobs it does not.
function sentOnce(body: URLSearchParams | string): Blob {
  const type = typeof body === 'string' ? '' : 'application/x-www-form-urlencoded'
  return new Blob([body.toString()], { type })
}

// A stream is left out: the failed attempt may have used it up.
function isRequest(url: string, { body, ...init }: RequestInit): boolean {
  try {
    return new Request(url, { ...init, ...(!(body instanceof ReadableStream) && { body: body ?? null }) }).url !== ''
  } catch {
    return false
  }
}

function redirected(url: string, response: Response): TransportError {
  void response.body?.cancel().catch(() => undefined)
  const { host } = new URL(url)
  const target = response.headers.get('location') ?? ''
  const known = URL.canParse(target, url) && /^https?:$/.test(new URL(target, url).protocol)
  const origin = known ? new URL(target, url).origin : 'another address'
  return new TransportError('net/redirected', `${host} redirected the request to ${origin} instead of answering it.`, {
    sent: true,
    hint: `Requests with credentials never follow a redirect. If ${origin} is your org, set the login URL to it.`,
  })
}

async function readText(host: string, response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > MAX_ANSWER_BYTES) {
      throw new TransportError('net/too-large', `${host} answered with more than 1 MiB.`, {
        sent: true,
        hint: 'Something other than Salesforce seems to answer there: check the login URL and any proxy.',
      })
    }
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

interface Attempt {
  deadline: AbortSignal
  signal: AbortSignal | undefined
  timeout: number
}

function transportError(host: string, error: unknown, attempt?: Attempt): TransportError {
  if (attempt?.signal?.aborted === true) {
    return new TransportError('net/aborted', `The request to ${host} was given up by its caller.`, {
      sent: true,
      cause: error,
    })
  }
  if (attempt?.deadline.aborted === true) {
    return new TransportError('net/timeout', `${host} did not answer within ${attempt.timeout} ms.`, {
      sent: true,
      cause: error,
      hint: 'Try again; if it stays slow, raise the timeout option or look at the network between this server and Salesforce.',
    })
  }
  const reason = unsentReason(error)
  if (reason !== undefined) {
    return new TransportError('net/unreachable', `${host} cannot be reached (${reason}).`, {
      sent: false,
      cause: error,
      hint: 'Check the login URL, DNS, and any proxy or firewall between this server and Salesforce.',
    })
  }
  return new TransportError('net/connection-lost', `The connection to ${host} broke before the answer was complete.`, {
    sent: true,
    cause: error,
    hint: 'Try again.',
  })
}

// What Node, Bun and Deno call a connection that never came about. Anything else counts as sent: the safe side.
const UNSENT =
  /^(?:ENOTFOUND|EAI_\w+|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|FailedToOpenSocket|CERT_\w+|ERR_TLS_CERT\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/
// Deno has no codes: the kind of failure stands in the text.
const DENO_UNSENT = /client error \(Connect\): ([^\n]{1,200})/

function unsentReason(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined
  const { code, syscall, cause, errors, message } = error as Partial<
    Record<'code' | 'syscall' | 'cause' | 'errors' | 'message', unknown>
  >
  if (Array.isArray(errors) && errors.length > 0) {
    const reasons = errors.map((each) => unsentReason(each, depth + 1))
    return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined
  }
  if (typeof code === 'string' && (UNSENT.test(code) || syscall === 'connect')) return code
  const inWords = typeof message === 'string' ? DENO_UNSENT.exec(message)?.[1] : undefined
  if (inWords !== undefined) return inWords
  return unsentReason(cause, depth + 1)
}
