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
  const cookies = new Map<string, string>()
  let request = { url: authorizeUrl, body: undefined as URLSearchParams | undefined }
  let hasLoggedIn = false
  for (let hop = 0; hop < hopLimit; hop += 1) {
    const response = await browser.fetch(toRequest(request, { cookies, headers: options.headers ?? {} }))
    keepCookies(response, request.url, cookies)
    const location = response.headers.get('location')
    if (location !== null) {
      const next = new URL(location, request.url)
      if (location.startsWith(callback) && callback !== '') return next
      if (!browser.isOurs(next)) return next
      request = { url: next, body: undefined }
      continue
    }
    const html = await response.text()
    const form = readHtmlForm(html)
    if (!form || (hasLoggedIn && form.names.has('password'))) {
      throw new Error(`The simulator shows a page instead of going on: ${textOf(html)}`)
    }
    const body = new URLSearchParams(form.hidden)
    if (form.names.has('password')) {
      hasLoggedIn = true
      const known = browser.findPassword(options.username, request.url)
      body.set('username', known.username)
      body.set('password', options.password ?? known.password)
    } else {
      body.set('decision', options.deny ? 'deny' : 'allow')
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
