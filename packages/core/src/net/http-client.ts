import { TransportError } from '../errors/errors.ts'
import { deadlineAfter } from './deadline.ts'
import { readText } from './read-body.ts'
import { transportError } from './transport-error.ts'

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
  /** How long one request may take, answer included. Milliseconds. */
  readonly timeout: number
  /** The same with another limit. Milliseconds. */
  withTimeout(timeout: number): HttpClient
  /** Sends one request and reads the whole answer, whatever its status. @throws {TransportError} `net/*` */
  send(url: string, request: HttpRequest): Promise<HttpAnswer>
  /**
   * For calls whose answer belongs to the caller, who also says by a signal how long it may take: there is no limit
   * of time or size. Never follows a redirect.
   * @throws {TransportError} `net/*`
   * @throws {TypeError} as `fetch` does, for a request that cannot exist: a body with GET, an invalid method.
   */
  fetch(url: string, init: RequestInit): Promise<Response>
}

/** Milliseconds. */
export const DEFAULT_TIMEOUT = 10_000

export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { timeout = DEFAULT_TIMEOUT } = options
  // Looked up at each call: test tools and tracing replace the global one late.
  const fetch: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
  return {
    timeout,
    withTimeout: (other) => createHttpClient({ ...options, timeout: other }),
    async fetch(url, init) {
      try {
        return await fetch(url, { ...init, redirect: 'manual' })
      } catch (error) {
        if (init.signal?.aborted === true || !isRequest(url, init)) throw error
        throw transportError(new URL(url).host, error)
      }
    },
    async send(url, { signal, redirects = 'refuse', ...rest }) {
      const request = sentOnce(rest)
      const limit = deadlineAfter(timeout)
      const deadline = limit.signal
      const whole = signal ? AbortSignal.any([signal, deadline]) : deadline
      const host = new URL(url).host
      try {
        const response = await fetch(url, { ...request, redirect: 'manual', signal: whole })
        if (redirects === 'refuse' && response.status >= 300 && response.status < 400) throw redirected(url, response)
        return { status: response.status, headers: response.headers, text: await readText(response, host, whole) }
      } catch (error) {
        throw error instanceof TransportError ? error : transportError(host, error, { deadline, signal, timeout })
      } finally {
        limit.clear()
      }
    },
  }
}

// Deno's fetch sends texts and forms a second time when a connection breaks, which spends a grant twice; Blobs it does not.
function sentOnce({ body, ...request }: Omit<HttpRequest, 'signal' | 'redirects'>): RequestInit {
  if (body === undefined) return request
  const headers = new Headers(request.headers)
  if (typeof body !== 'string') headers.set('content-type', 'application/x-www-form-urlencoded')
  return { ...request, headers, body: new Blob([body.toString()]) }
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
