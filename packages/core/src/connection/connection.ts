import { TokenError } from '../errors/errors.ts'
import type { Client } from '../oauth/client.ts'
import { fetchIdentity } from '../resources/identity.ts'
import { introspectToken } from '../resources/introspect.ts'
import type { Introspection } from '../resources/introspect.ts'
import type { UserProfile } from '../resources/profile.ts'
import { fetchUserinfo } from '../resources/userinfo.ts'
import type { HeldTokens } from './held-tokens.ts'
import { asksForNonce, isRefused } from './refused.ts'

/** Where a connection gets its tokens: a session, a stored record, or a service flow. */
export interface TokenSource {
  /** Tokens that are fit for use as far as anybody can tell. */
  current(): Promise<HeldTokens>
  /** Newer tokens than the stale access token. */
  renew(stale: string): Promise<HeldTokens>
}

/** What the connection belongs to. */
export interface ConnectionContext {
  readonly client: Client
  /** The login host that the grant is pinned to. */
  loginBase(): Promise<string>
}

/** One org, one user, one grant: calls Salesforce with its token and renews it when it dies. */
export class Connection {
  readonly #source: TokenSource
  readonly #context: ConnectionContext

  constructor(source: TokenSource, context: ConnectionContext) {
    this.#source = source
    this.#context = context
  }

  /** A live access token. Prefer `fetch`, which also notices when Salesforce ended it early. */
  async accessToken(): Promise<string> {
    return (await this.#source.current()).accessToken
  }

  /**
   * Calls Salesforce: `fetch('/services/data/v64.0/limits')`. The token goes to the org's `instance_url` only. A call
   * refused because the token died is renewed and repeated once; redirects are handed back, never followed. How long
   * the answer may take, and how long it may be, is yours to limit: by default it may take for ever. Pass
   * `signal: AbortSignal.timeout(30_000)`. A renewal that comes first takes its own time, whatever the signal says.
   *
   * @throws {TokenError} `token/foreign-host` for another host; `token/body-consumed` when the body was a stream and
   *   cannot be sent again (the token is renewed: call again); `token/grant-ended` when only a login helps.
   *   `token/dpop-key-missing` when the token is bound to a key and none is configured.
   * @throws {TransportError} `net/*`
   */
  async fetch(path: string | URL, init: RequestInit = {}): Promise<Response> {
    const tokens = await this.#source.current()
    const url = resolve(path, tokens)
    const response = await this.#send(url, init, tokens)
    if (!(await isRefused(response, this.#context.client.http.timeout))) return response
    void response.body?.cancel().catch(() => undefined)
    const fresh = await this.#source.renew(tokens.accessToken)
    if (init.body instanceof ReadableStream) throw bodyConsumed('The access token had died')
    // The org may have moved: what went to the old instance goes to the new one.
    const isMoved = url.origin === tokens.instanceUrl
    const next = isMoved ? fresh.instanceUrl + url.href.slice(url.origin.length) : url
    return this.#send(resolve(next, fresh), init, fresh)
  }

  /**
   * Describes the user by the identity service of the org, within the option `timeout` once there is a token: a login
   * or renewal that has to come first takes its own time. Needs the scope `id`.
   * @throws {RestError} `rest/identity-refused` … when Salesforce does not describe this user.
   * @throws {TransportError} `net/*`, and whatever `fetch` throws.
   */
  async identity(): Promise<UserProfile> {
    const tokens = await this.#source.current()
    const { timeout } = this.#context.client.http
    return fetchIdentity((url, init) => this.fetch(url, init), tokens, { timeout })
  }

  /** Describes the user by OpenID Connect's userinfo on the instance: as `identity`. Needs the scope `openid` or `id`. */
  async userinfo(): Promise<UserProfile> {
    const { instanceUrl, identity: expected } = await this.#source.current()
    const { timeout } = this.#context.client.http
    return fetchUserinfo((url, init) => this.fetch(url, init), instanceUrl, { expected, timeout })
  }

  /** What Salesforce says of the access token: whether it lives, and until when. */
  async introspect(): Promise<Introspection> {
    const base = await this.#context.loginBase()
    return introspectToken({ client: this.#context.client, base }, await this.accessToken())
  }

  #send(url: URL, init: RequestInit, { tokenType, accessToken }: HeldTokens): Promise<Response> {
    const { http, dpop } = this.#context.client
    const send = (proof?: string): Promise<Response> => {
      const headers = new Headers(init.headers)
      headers.set('authorization', `${tokenType} ${accessToken}`)
      if (proof !== undefined) headers.set('dpop', proof)
      return http.fetch(url.href, { ...init, headers })
    }
    if (tokenType === 'Bearer') return send()
    if (dpop === undefined) throw dpopKeyMissing()
    const target = { method: init.method?.toUpperCase() ?? 'GET', url: url.href, accessToken }
    return dpop.send(target, send, async (response) => {
      if (!(await asksForNonce(response, http.timeout))) return false
      void response.body?.cancel().catch(() => undefined)
      if (init.body instanceof ReadableStream) throw bodyConsumed('Salesforce asked for a nonce in the proof')
      return true
    })
  }
}

/** The address a token may go to: a path on the instance, or an absolute address on one of the token's own origins. */
function resolve(path: string | URL, tokens: HeldTokens): URL {
  const { instanceUrl, apiInstanceUrl } = tokens
  const url = URL.canParse(String(path), instanceUrl) ? new URL(path, instanceUrl) : undefined
  // The whole beginning is compared: it leaves no room for a user name, or for a scheme that only borrows an origin.
  const own = [instanceUrl, apiInstanceUrl].some((origin) => origin !== undefined && url?.href.startsWith(`${origin}/`))
  if (url !== undefined && own) return url
  throw new TokenError('token/foreign-host', `The token may not be sent to ${url?.host ?? 'this address'}.`, {
    hint: `Give a path that begins with a slash: it is called on ${instanceUrl}.`,
  })
}

function bodyConsumed(why: string): TokenError {
  return new TokenError('token/body-consumed', `${why}, and the request body was a stream that is used up.`, {
    hint: 'All is ready now: make the call again with a new stream, or send the body as text or bytes.',
  })
}

function dpopKeyMissing(): TokenError {
  return new TokenError(
    'token/dpop-key-missing',
    'The access token is bound to a key that this process does not have.',
    {
      hint: 'Set the option dpop to the key that the token was made with, or log in again without it.',
    },
  )
}
