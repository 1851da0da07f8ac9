import { base64url } from 'jose'
import { SingleFlight } from '../../connection/single-flight.ts'
import type { TokenError } from '../../errors/errors.ts'
import type { Exchange } from '../../http/exchange.ts'
import { keepAlive } from '../../http/keep-alive.ts'
import type { Client } from '../../oauth/client.ts'
import { toId18 } from '../../org/ids.ts'
import { introspectToken } from '../../resources/introspect.ts'
import type { Introspection } from '../../resources/introspect.ts'
import { BoundedMap } from '../../store/bounded-map.ts'
import { accessTokenEnded } from '../ask.ts'
import type { BearerClaims } from './claims.ts'
import { foreignApp, notAToken } from './refusals.ts'

export interface OpaqueTokensOptions {
  readonly client: Client
  /** The login host that is asked, which counts as the issuer. */
  readonly issuer: string
  readonly clientIds: readonly string[]
  /** How long a token is believed to live without asking again. Milliseconds. */
  readonly ttl: number
}

interface Known<T> {
  readonly what: T
  readonly endsAt: number
}

/** `<org>!<secret>`: nothing else is worth a question to Salesforce. */
const SHAPE = /^(00D[A-Za-z0-9]{12})![A-Za-z0-9._]{20,1000}$/
const MAX_KNOWN = 10_000
/** How long a refused token is refused without asking again. Milliseconds. */
const REFUSED_FOR = 10_000
const utf8 = new TextEncoder()

/** The org that an opaque token names, by its shape alone; `undefined` when it is no access token. */
export function orgOfOpaque(token: string): string | undefined {
  return toId18(SHAPE.exec(token)?.[1] ?? '')
}

/** Opaque tokens by introspection. Good and bad ones are remembered apart, so that a flood of bad ones displaces no good one. */
export class OpaqueTokens {
  readonly #options: OpaqueTokensOptions
  readonly #good = new BoundedMap<Known<BearerClaims>>({ maxEntries: MAX_KNOWN })
  readonly #bad = new BoundedMap<Known<TokenError>>({ maxEntries: MAX_KNOWN })
  readonly #flights: SingleFlight<BearerClaims | TokenError>

  constructor(options: OpaqueTokensOptions) {
    this.#options = options
    // A second for what comes before and after the question.
    this.#flights = new SingleFlight({ limit: options.client.http.timeout + 1_000 })
  }

  /**
   * What the token says. A question that this call begins outlives its exchange: others may come to wait for it.
   * @throws {TokenError} when Salesforce does not vouch for it.
   * @throws {OAuthError} when Salesforce refuses this app itself, `TransportError` when it does not answer.
   */
  async verify(token: string, exchange: Pick<Exchange, 'waitUntil'>): Promise<BearerClaims> {
    const now = this.#options.client.now()
    // Whoever gets to see the memory of this process should not find tokens in it.
    const key = base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8.encode(token))))
    const good = this.#good.get(key)
    if (good !== undefined && good.endsAt > now) return good.what
    const bad = this.#bad.get(key)
    if (bad !== undefined && bad.endsAt > now) throw bad.what
    const verdict = await this.#flights.run(key, () => keepAlive(this.#ask(token, key), exchange))
    if (verdict instanceof Error) throw verdict
    return verdict
  }

  async #ask(token: string, key: string): Promise<BearerClaims | TokenError> {
    const { client, issuer, ttl } = this.#options
    const askedAt = client.now()
    const verdict = this.#judge(await introspectToken({ client, base: issuer }, token), token)
    if (verdict instanceof Error) {
      this.#good.delete(key)
      this.#bad.set(key, { what: verdict, endsAt: askedAt + REFUSED_FOR })
    } else {
      this.#good.set(key, { what: verdict, endsAt: Math.min(askedAt + ttl, verdict.expiresAt ?? Infinity) })
    }
    return verdict
  }

  #judge(answer: Introspection, token: string): BearerClaims | TokenError {
    const { client, issuer, clientIds } = this.#options
    if (!answer.active) return accessTokenEnded()
    const { clientId, identity, scope, expiresAt, tokenType } = answer
    // A refresh token is no access token, however much alive.
    if (tokenType !== undefined && tokenType !== 'access_token') return notAToken()
    if (clientId === undefined || !clientIds.includes(clientId)) return foreignApp()
    if (identity === undefined || identity.orgId !== orgOfOpaque(token)) return notAToken()
    if (expiresAt !== undefined && expiresAt <= client.now()) return accessTokenEnded()
    const { orgId, userId } = identity
    return Object.freeze({
      kind: 'opaque' as const,
      issuer,
      orgId,
      userId,
      clientId,
      scope: Object.freeze([...scope]),
      ...(expiresAt !== undefined && { expiresAt }),
    })
  }
}
