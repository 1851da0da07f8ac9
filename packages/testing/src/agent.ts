import { createCookieJar, siteOf } from './cookie-jar.ts'
import type { SameSite, StoredCookie } from './cookie-jar.ts'
import { navigate } from './navigation.ts'

export interface AgentInit {
  /** Added to what a browser sends with a page navigation; `undefined` takes a header away. */
  headers?: Record<string, string | undefined>
  /** Sent form-encoded. At most one of `form`, `json` and `body`. */
  form?: Record<string, string> | URLSearchParams
  json?: unknown
  body?: string | Uint8Array
  /** URL of the page that starts the request. Default: nobody for a GET (typed by hand), the target's own origin otherwise. */
  from?: string
}

export interface AgentOptions {
  /** Ages the cookies. Default `Date.now`. */
  now?: () => number
  /** Origin as the browser sees it → loopback URL that serves it, as a TLS-terminating proxy would. */
  via?: Record<string, string>
}

export interface AgentCookies {
  /** What is alive in the jar, in the order it was last set. */
  all(): StoredCookie[]
  /** The value of the cookie of that name that was set last, whatever its host and path. */
  get(name: string): string | undefined
  /** Applies a `Set-Cookie` line as if `url` (default: the base URL) had answered it; false when a browser would refuse it. */
  set(line: string, url?: string): boolean
  delete(name: string): void
  clear(): void
}

export interface Agent {
  readonly cookies: AgentCookies
  /** Paths are resolved against the base URL; another origin is reached by its full URL. */
  get(path: string, init?: AgentInit): Promise<Response>
  post(path: string, init?: AgentInit): Promise<Response>
  request(method: string, path: string, init?: AgentInit): Promise<Response>
  /** Follows one redirect as a browser would, with the same `headers`. @throws Error when the response is none of this agent's redirects. */
  follow(response: Response): Promise<Response>
}

interface Step {
  method: string
  url: URL
  init: AgentInit
  initiator: URL | undefined
  /** Every URL of the redirect chain so far. */
  chain: URL[]
}

const pageHeaders = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'sec-fetch-dest': 'document',
  'sec-fetch-mode': 'navigate',
}
const redirects = new Set([301, 302, 303, 307, 308])

/**
 * An HTTP client with one browser's cookies and headers that follows no redirect by itself and talks to this
 * machine only. Every request is a top-level page navigation: for a script's own call, override the headers.
 */
export function createAgent(baseUrl: string, options: AgentOptions = {}): Agent {
  const jar = createCookieJar(options.now ?? Date.now)
  const steps = new WeakMap<Response, Step>()

  async function take(step: Step): Promise<Response> {
    const { method, url, init } = step
    const { type, body } = encode(init)
    const via = options.via?.[url.origin]
    const cookie = jar.matching(url, reach(step)).map(({ name, value }) => `${name}=${value}`)
    const headers = {
      ...pageHeaders,
      'sec-fetch-site': fetchSite(step),
      ...(method !== 'GET' && step.initiator && { origin: originHeader(step) }),
      ...(type !== undefined && { 'content-type': type }),
      ...(cookie.length > 0 && { cookie: cookie.join('; ') }),
      ...(via !== undefined && { 'x-forwarded-proto': url.protocol.slice(0, -1), 'x-forwarded-host': url.host }),
      ...lowerCased(init.headers),
    }
    const known = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined))
    const response = await navigate({ method, url, headers: known, body, via: via === undefined ? via : new URL(via) })
    for (const line of response.headers.getSetCookie()) jar.store(line, url)
    steps.set(response, step)
    return response
  }

  const start = async (method: string, path: string, init: AgentInit = {}): Promise<Response> => {
    const url = new URL(path, baseUrl)
    const from = init.from ?? (method === 'GET' ? undefined : url.origin)
    return take({ method, url, init, initiator: from === undefined ? undefined : new URL(from), chain: [url] })
  }

  return {
    cookies: {
      all: jar.all,
      get: (name) => jar.all().findLast((cookie) => cookie.name === name)?.value,
      set: (line, url = baseUrl) => jar.store(line, new URL(url)),
      delete: jar.remove,
      clear: jar.clear,
    },
    get: async (path, init) => start('GET', path, init),
    post: async (path, init) => start('POST', path, init),
    request: async (method, path, init) => start(method.toUpperCase(), path, init),
    async follow(response) {
      const step = steps.get(response)
      const location = response.headers.get('location')
      if (step === undefined) throw new Error('This response did not come from this agent')
      if (location === null || !redirects.has(response.status))
        throw new Error(`Nothing to follow: ${step.url.origin}${step.url.pathname} answered ${response.status}`)
      await response.body?.cancel()
      return take(redirected(step, response.status, new URL(location, step.url)))
    },
  }
}

function redirected(step: Step, status: number, url: URL): Step {
  const keeps = status > 303 || step.method === 'GET' || (step.method !== 'POST' && status !== 303)
  const { headers = {} } = step.init
  const chain = [...step.chain, url]
  return keeps ? { ...step, url, chain } : { ...step, method: 'GET', url, chain, init: { headers } }
}

function encode({ form, json, body }: AgentInit): { type?: string; body: string | Uint8Array | undefined } {
  if (form !== undefined)
    return { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(form).toString() }
  if (json !== undefined) return { type: 'application/json', body: JSON.stringify(json) }
  return { body }
}

// Chrome's rule: who started the navigation counts, the hosts it was redirected over do not.
function reach({ method, url, initiator }: Step): SameSite {
  if (initiator === undefined || siteOf(initiator) === siteOf(url)) return 'strict'
  return method === 'GET' || method === 'HEAD' ? 'lax' : 'none'
}

function fetchSite({ initiator, chain }: Step): string {
  if (initiator === undefined) return 'none'
  if (chain.every((url) => url.origin === initiator.origin)) return 'same-origin'
  return chain.every((url) => siteOf(url) === siteOf(initiator)) ? 'same-site' : 'cross-site'
}

function originHeader({ initiator, chain }: Step): string | undefined {
  const tainted = chain.some((url, i) => {
    const next = chain[i + 1]
    return next !== undefined && next.origin !== url.origin && url.origin !== initiator?.origin
  })
  return tainted ? 'null' : initiator?.origin
}

function lowerCased(headers: AgentInit['headers'] = {}): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
