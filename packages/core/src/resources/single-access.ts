import { TransportError } from '../errors/errors.ts'
import { endpointsOf } from '../org/endpoints.ts'
import { readJsonAnswer } from './json-answer.ts'
import type { AuthorizedFetch } from './profile.ts'

export interface SingleAccessOptions {
  /** The page of the org to open, beginning with a slash. @default the user's home page */
  path?: string
}

/**
 * An address that logs the browser which opens it into the org as the token's user: redirect to it at once. It works
 * once and for a short time, and whoever has it is that user: never log or store it. Needs the scope `web` and an
 * opaque access token.
 *
 * @param fetch - `fetch` of a connection, as it goes to the token's own instance.
 * @throws {OAuthError} when Salesforce refuses, for example for the want of the scope `web`.
 * @throws {TransportError} `net/*`; safe to repeat.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.frontdoor_singleaccess.htm
 */
export async function singleAccess(fetch: AuthorizedFetch, options: SingleAccessOptions = {}): Promise<URL> {
  const url = endpointsOf('').singleAccess
  const body = new URLSearchParams(options.path === undefined ? {} : { redirect_uri: options.path })
  const response = await fetch(url, { method: 'POST', headers: { accept: 'application/json' }, body })
  const { frontdoor_uri: address } = await readJsonAnswer(response)
  if (typeof address === 'string' && /^https?:\/\//.test(address) && URL.canParse(address)) return new URL(address)
  throw new TransportError('net/not-json', 'Salesforce answered the single access request without an address.', {
    sent: true,
    hint: 'Assign the scope web to the app, and let it issue opaque access tokens.',
  })
}
