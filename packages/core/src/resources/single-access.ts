import { RequestError, TokenError, TransportError } from '../errors/errors.ts'
import { endpointsOf } from '../org/endpoints.ts'
import { ownPath } from '../org/own-path.ts'
import { isPageHost } from '../org/page-host.ts'
import { askJson } from './ask-json.ts'
import type { AuthorizedFetch } from './ask-json.ts'

export interface SingleAccessOptions {
  /** The page of the org to open, beginning with a slash. @default the user's home page */
  path?: string
  /** For the whole call, a renewal of the token included. Milliseconds. @default 10_000 */
  timeout?: number
}

/**
 * An address that logs the browser which opens it into the org as the token's user: redirect to it at once. It works
 * once and for a short time, and whoever has it is that user: never log or store it. It is on the origin that answered
 * or on a host of Salesforce's. Needs the scope `web` and an opaque access token.
 *
 * @param fetch - `fetch` of a connection, as it goes to the token's own instance.
 * @throws {RequestError} `request/unsendable`, before anything is sent, when `path` could lead to another host.
 * @throws {OAuthError} when Salesforce refuses, for example for the want of the scope `web`; {RestError} when it
 *   refuses as its other services do.
 * @throws {TokenError} `token/foreign-instance` when the answer leads to a host that is not Salesforce's.
 * @throws {TransportError} `net/*`; safe to repeat.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.frontdoor_singleaccess.htm
 */
export async function singleAccess(fetch: AuthorizedFetch, options: SingleAccessOptions = {}): Promise<URL> {
  const { path, timeout } = options
  if (path !== undefined) requireOwnPath(path)
  const body = new URLSearchParams(path === undefined ? {} : { redirect_uri: path })
  const { origin, members } = await askJson(fetch, endpointsOf('').singleAccess, { method: 'POST', body, timeout })
  const address = members?.['frontdoor_uri']
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new TransportError('net/not-json', 'Salesforce answered the single access request without an address.', {
      sent: true,
      hint: 'Assign the scope web to the app, and let it issue opaque access tokens.',
    })
  }
  const isSalesforce = url.protocol === 'https:' && url.port === '' && isPageHost(url.hostname)
  if (url.username === '' && url.password === '' && (url.origin === origin || isSalesforce)) return url
  throw new TokenError(
    'token/foreign-instance',
    `The single access answer leads to ${url.host}: no host of Salesforce.`,
    {
      hint: 'Check that no proxy rewrites the answers of Salesforce.',
    },
  )
}

function requireOwnPath(path: string): void {
  if (ownPath(path, 'https://org.invalid') !== undefined) return
  throw new RequestError('request/unsendable', 'The page to open is no path of the org; nothing was sent.', {
    hint: "Write it as '/lightning/page/home': one slash first, and no backslash or control character.",
  })
}
