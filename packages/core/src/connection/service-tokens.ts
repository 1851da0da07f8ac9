import { TokenError } from '../errors/errors.ts'
import { discard } from '../oauth/discard.ts'
import type { TokenEndpoint } from '../oauth/token-endpoint.ts'
import type { TokenSet } from '../oauth/token-set.ts'
import type { Identity } from '../org/ids.ts'
import { BackOff } from './back-off.ts'
import type { TokenSource } from './connection.ts'
import { renewalTime, withExpiry } from './expiry.ts'
import type { ExpiryPolicy } from './expiry.ts'
import { holdTokens, identityOf } from './held-tokens.ts'
import type { HeldTokens } from './held-tokens.ts'
import type { ServiceGrant } from './service-grant.ts'
import { SingleFlight } from './single-flight.ts'

interface Kept {
  readonly tokens: HeldTokens
  readonly obtainedAt: number
  readonly renewAt: number
  /** When Salesforce first refused it. */
  refusedAt?: number
}

/** A token that is refused sooner than this was hardly ever any good. Milliseconds. */
const YOUNG = 10_000
/** So many in a row may be an accident. */
const YOUNG_DEATHS = 3

/** The token of a service: asked for once however many callers, kept while it lives, failures kept for seconds. */
export class ServiceTokens implements TokenSource {
  readonly #endpoint: TokenEndpoint
  readonly #grant: ServiceGrant
  readonly #expiry: ExpiryPolicy
  readonly #flights: SingleFlight<HeldTokens>
  readonly #backOff: BackOff
  #kept: Kept | undefined
  /** Whose connection this is: its first login says so. */
  #identity: Identity | undefined
  #youngDeaths = 0

  constructor(endpoint: TokenEndpoint, grant: ServiceGrant, expiry: ExpiryPolicy) {
    this.#endpoint = endpoint
    this.#grant = grant
    this.#expiry = expiry
    // A grant and the question about its end take two requests, and making an assertion may take one.
    this.#flights = new SingleFlight({ limit: 3 * endpoint.client.http.timeout })
    this.#backOff = new BackOff(() => endpoint.client.now())
  }

  async current(): Promise<HeldTokens> {
    const kept = this.#kept
    if (kept !== undefined && this.#now() < kept.renewAt) return kept.tokens
    try {
      return await this.#obtain()
    } catch (error) {
      // Renewal comes early so that its failure hurts nobody while the old token lives.
      if (kept !== undefined && kept === this.#kept && this.#now() < (kept.tokens.expiresAt ?? 0)) return kept.tokens
      throw error
    }
  }

  async renew(stale: string): Promise<HeldTokens> {
    const kept = this.#kept
    if (kept !== undefined) {
      if (kept.tokens.accessToken !== stale) return kept.tokens
      kept.refusedAt ??= this.#now()
      // Kept meanwhile: what one API refuses may be good for others.
      this.#backOff.check()
      this.#kept = undefined
      this.#youngDeaths = kept.refusedAt - kept.obtainedAt < YOUNG ? this.#youngDeaths + 1 : 0
    }
    return this.#obtain()
  }

  #obtain(): Promise<HeldTokens> {
    return this.#flights.run('token', async () => {
      this.#backOff.check()
      try {
        const answer = await this.#grant(this.#endpoint)
        const identity = this.#requireSame(answer)
        const tokens = holdTokens({ ...(await withExpiry(answer, this.#expiry, this.#now())), identity })
        const obtainedAt = this.#now()
        this.#kept = { tokens, obtainedAt, renewAt: renewalTime(tokens, obtainedAt) }
        this.#backOff.succeeded()
        // New tokens that are refused at once, one after the other, would use up the user's logins of the hour.
        const surplus = this.#youngDeaths - YOUNG_DEATHS
        if (surplus > 0) this.#backOff.failed(refusedAtOnce(), surplus)
        return tokens
      } catch (error) {
        this.#backOff.failed(error)
        throw error
      }
    })
  }

  #requireSame(answer: TokenSet): Identity {
    try {
      const identity = identityOf(answer)
      const { orgId, userId } = (this.#identity ??= identity)
      // What was meant for one user must not be repeated as another.
      if (identity.orgId !== orgId || identity.userId !== userId) throw ownerChanged()
      return identity
    } catch (error) {
      void discard(this.#endpoint.client, this.#endpoint.login, answer.refreshToken ?? answer.accessToken)
      throw error
    }
  }

  #now(): number {
    return this.#endpoint.client.now()
  }
}

function ownerChanged(): TokenError {
  const message = 'The new login is of another org or user than the first one of this connection: nothing was sent.'
  return new TokenError('token/org-changed', message, {
    hint: 'If that is meant, as after a change of the Run As user, make a new connection; else log in as the first user.',
  })
}

function refusedAtOnce(): TokenError {
  return new TokenError('token/refused-at-once', 'Salesforce gives out tokens and refuses each of them at once.', {
    hint: 'Look at Setup › Session Settings: sessions locked to an IP address fail when calls leave by another one than logins.',
  })
}
