import { isSalesforceAuthError } from '../errors/errors.ts'
import type { LoginHost } from '../org/hosts.ts'
import type { Lease } from '../store/key-value.ts'
import type { HeldTokens } from './held-tokens.ts'
import { BoundedMap } from '../store/bounded-map.ts'
import { judgeSpend, refreshMissing, responseStarted, sessionEnded } from './refresh-errors.ts'
import { SingleFlight } from './single-flight.ts'
import { spend } from './spend.ts'
import type { Spending } from './spend.ts'
import type { TokenHome } from './token-home.ts'

export interface RefreshDependencies extends Pick<Spending, 'send' | 'now'> {
  /** How long one request to Salesforce may take. Milliseconds. */
  readonly timeout: number
  /** Revokes tokens that nobody will use; must not fail. */
  readonly discard: (login: LoginHost, tokens: HeldTokens) => Promise<void>
  /** Told once for every grant that was really renewed, with the lock released. Must not fail. */
  readonly renewed: (home: TokenHome, before: HeldTokens, after: HeldTokens) => Promise<void>
  /** Told once for every renewal that failed. Must not fail. */
  readonly failed: (home: TokenHome, error: unknown) => Promise<void>
  /** @default setTimeout */
  readonly wait?: Spending['wait']
}

/** What Salesforce said to a renewal that only somebody's action can help. */
interface Refusal {
  readonly error: unknown
  /** Epoch milliseconds. */
  readonly until: number
}

/** Milliseconds. */
const REFUSAL_LIFE = 5_000
const MAX_REFUSALS = 10_000
/** More than the tries of one spend and what follows them: given up early, a live spend would be repeated. */
const MAX_REQUESTS = 15
/** What they pause between tries, and more. Milliseconds. */
const MAX_PAUSES = 30_000

interface Renewal {
  readonly tokens: HeldTokens
  /** The tokens that were spent for it; absent when somebody else had renewed them. */
  readonly spent?: HeldTokens
}

const sleep = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration))

/**
 * Renews each grant once, however many callers ask. A rotating refresh token works once and its replay ends the
 * whole grant, so: one flight a process, one lock holder among processes, re-read under the lock, mark before
 * the spend, keep before the use, and exactly one more attempt for a spend whose answer was lost.
 */
export class RefreshCoordinator {
  readonly #flights: SingleFlight<HeldTokens>
  readonly #refusals = new BoundedMap<Refusal>({ maxEntries: MAX_REFUSALS })
  readonly #deps: RefreshDependencies

  constructor(dependencies: RefreshDependencies) {
    this.#deps = dependencies
    this.#flights = new SingleFlight({ limit: MAX_REQUESTS * dependencies.timeout + MAX_PAUSES })
  }

  /**
   * Tokens newer than the stale access token.
   * @throws {TokenError} `token/grant-ended`, `token/refresh-answer-lost`, `token/refresh-missing`: only a login helps.
   * @throws {TransportError} and other retryable errors: the grant lives, try again.
   * @throws {OAuthError} when Salesforce declines and the grant lives; for seconds it is not asked again.
   */
  async renew(home: TokenHome, stale: string): Promise<HeldTokens> {
    if (home.ended()) throw sessionEnded()
    const under = await this.#flights.join(home.key)
    if (under !== undefined && under.value.accessToken !== stale) return under.value
    // Decided before the flight, which others may join whose responses have not started.
    if (!home.canKeep()) return keptMeanwhile(home, stale)
    return this.#flights.run(home.key, () => this.#renew(home, stale))
  }

  /** The last act on a grant: after any renewal under way, under the lock, with the newest tokens. */
  async retire(home: TokenHome, work: (newest: HeldTokens | undefined) => Promise<void>): Promise<void> {
    await this.#flights.join(home.key).catch(() => undefined)
    await locked(home, async () => work((await home.read())?.tokens))
  }

  async #renew(home: TokenHome, stale: string): Promise<HeldTokens> {
    let renewal: Renewal
    try {
      renewal = await locked(home, (lease) => this.#turn(home, stale, lease))
    } catch (error) {
      if (error === this.#refusals.get(home.key)?.error) throw error
      const until = this.#deps.now() + REFUSAL_LIFE
      if (isDeclined(error)) this.#refusals.set(home.key, { error, until })
      await this.#deps.failed(home, error)
      throw error
    }
    if (renewal.spent !== undefined) await this.#deps.renewed(home, renewal.spent, renewal.tokens)
    return renewal.tokens
  }

  async #turn(home: TokenHome, stale: string, lease: Lease | undefined): Promise<Renewal> {
    const state = await home.read()
    if (state === undefined || home.ended()) throw sessionEnded()
    if (state.tokens.accessToken !== stale) return { tokens: state.tokens }
    if (state.tokens.refreshToken === undefined) throw refreshMissing()
    const refusal = this.#refusals.get(home.key)
    if (refusal !== undefined && this.#deps.now() < refusal.until) throw refusal.error
    const { send, now, wait = sleep, discard } = this.#deps
    const { tokens, adopted } = await spend({ home, lease, send, wait, now }, state)
    if (adopted) return { tokens }
    if (!home.ended() && (await home.write({ tokens }, lease))) return { tokens, spent: state.tokens }
    await discard(home.login, tokens)
    throw sessionEnded()
  }
}

function isDeclined(error: unknown): boolean {
  return judgeSpend(error) === 'declined' && isSalesforceAuthError(error) && !error.retryable
}

async function keptMeanwhile(home: TokenHome, stale: string): Promise<HeldTokens> {
  const state = await home.read()
  if (state === undefined || state.tokens.accessToken === stale) throw responseStarted()
  return state.tokens
}

function locked<T>(home: TokenHome, work: (lease: Lease | undefined) => Promise<T>): Promise<T> {
  return home.withLock === undefined ? work(undefined) : home.withLock(work)
}
