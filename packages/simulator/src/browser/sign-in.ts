import { readHtmlForm, textOf } from './html-form.ts'

export interface SignInOptions {
  /** Default: the first user who can log in there. */
  username?: string
  /** Default: the user's own. */
  password?: string
  /** Presses Deny on the approval page. */
  deny?: boolean
  /** Sent with every request. */
  headers?: Record<string, string>
}

interface Browser {
  fetch: (request: Request) => Promise<Response>
  isOurs: (url: URL) => boolean
  findPassword: (username: string | undefined, url: URL) => { username: string; password: string }
}

const hopLimit = 20

/** Does what a person does in a fresh browser, up to but without calling the app's callback. */
export async function signIn(browser: Browser, authorizeUrl: URL, options: SignInOptions = {}): Promise<URL> {
  if (!browser.isOurs(authorizeUrl)) {
    throw new TypeError(
      `signIn takes an authorize URL of this simulator; ${authorizeUrl.origin} is not one of its hosts.`,
    )
  }
  const callback = authorizeUrl.searchParams.get('redirect_uri') ?? ''
  const isCallback = (location: string): boolean => callback !== '' && location.startsWith(callback)
  const end = await visit(browser, authorizeUrl, { ...options, isCallback })
  if (end instanceof URL) return end
  throw stuck(end)
}

/** Types the code of a device, logs in and decides. */
export async function approveDevice(
  browser: Browser,
  device: { verificationUri: string; userCode: string },
  options: SignInOptions = {},
): Promise<void> {
  const visitor = { ...options, userCode: device.userCode, isCallback: () => false }
  const end = await visit(browser, new URL(device.verificationUri), visitor)
  if (end instanceof URL || !end.ok || end.hasForm) throw stuck(end)
}

interface LastPage {
  html: string
  ok: boolean
  hasForm: boolean
}

function stuck(end: URL | LastPage): Error {
  const shown = end instanceof URL ? end.href : textOf(end.html)
  return new Error(`The simulator shows a page instead of going on: ${shown}`)
}

interface Visitor extends SignInOptions {
  userCode?: string
  isCallback: (location: string) => boolean
}

/** Follows redirects and fills in forms until the browser is sent away, or a page asks for nothing new. */
async function visit(browser: Browser, start: URL, visitor: Visitor): Promise<URL | LastPage> {
  const cookies = new Map<string, string>()
  const filled = new Set<string>()
  let request = { url: start, body: undefined as URLSearchParams | undefined }
  for (let hop = 0; hop < hopLimit; hop += 1) {
    const response = await browser.fetch(toRequest(request, { cookies, headers: visitor.headers ?? {} }))
    keepCookies(response, request.url, cookies)
    const location = response.headers.get('location')
    if (location !== null) {
      const next = new URL(location, request.url)
      if (visitor.isCallback(location) || !browser.isOurs(next)) return next
      request = { url: next, body: undefined }
      continue
    }
    const html = await response.text()
    const form = readHtmlForm(html)
    const question = ['password', 'user_code', 'decision'].find(
      (name) => form?.names.has(name) && !(name in form.hidden),
    )
    // The same question again means that the last answer was refused.
    if (!form || !question || filled.has(question)) return { html, ok: response.ok, hasForm: form !== undefined }
    filled.add(question)
    const body = new URLSearchParams(form.hidden)
    if (question === 'password') {
      const known = browser.findPassword(visitor.username, request.url)
      body.set('username', known.username)
      body.set('password', visitor.password ?? known.password)
    } else if (question === 'user_code') {
      body.set('user_code', visitor.userCode ?? '')
    } else {
      body.set('decision', visitor.deny ? 'deny' : 'allow')
    }
    request = { url: new URL(form.action, request.url), body }
  }
  throw new Error(`signIn gave up after ${hopLimit} steps.`)
}

function toRequest(
  { url, body }: { url: URL; body: URLSearchParams | undefined },
  { cookies, headers }: { cookies: ReadonlyMap<string, string>; headers: Record<string, string> },
): Request {
  const prefix = `${url.origin} `
  const own = [...cookies]
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value])
  const cookie = own.map((pair) => pair.join('=')).join('; ')
  const all = { accept: 'text/html', ...headers, ...(cookie && { cookie }) }
  return new Request(url, body ? { method: 'POST', body, headers: all } : { headers: all })
}

function keepCookies(response: Response, url: URL, cookies: Map<string, string>): void {
  for (const line of response.headers.getSetCookie()) {
    const [pair = ''] = line.split(';')
    const equals = pair.indexOf('=')
    cookies.set(`${url.origin} ${pair.slice(0, equals)}`, pair.slice(equals + 1))
  }
}
