import { isSalesforceAuthError } from '../errors/errors.ts'
import type { LoginHost } from '../org/hosts.ts'
import type { Lease } from '../store/key-value.ts'
import { shareRefreshToken } from './held-tokens.ts'
import type { HeldTokens } from './held-tokens.ts'
import { BoundedMap } from '../store/bounded-map.ts'
import { isDeclined, isLeaseLost, leaseLost, refreshMissing, responseStarted } from './refresh-errors.ts'
import { locked } from './locked.ts'
import { awaitSibling, isPending } from './sibling.ts'
import { SingleFlight } from './single-flight.ts'
import { spend } from './spend.ts'
import type { Spending } from './spend.ts'
import type { TokenHome, TokenState } from './token-home.ts'

export interface RefreshDependencies extends Pick<Spending, 'send'> {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** How long the answer to one spend is waited for. Milliseconds. */
  readonly spendTimeout: number
  /** Revokes tokens that nobody will use; must not fail. */
  readonly discard: (login: LoginHost, tokens: HeldTokens) => Promise<unknown>
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

/** What a spend brought and the store has not taken yet: possibly the only tokens that live. */
interface Unkept extends Pick<TokenState, 'tokens' | 'grantedAt'> {
  readonly spent: HeldTokens
  /** Where they can be revoked: a grant that takes the place of theirs may be of another host. */
  readonly login: LoginHost
}

interface Renewal {
  readonly tokens: HeldTokens
  /** The tokens that were spent for it; absent when somebody else had renewed them. */
  readonly spent?: HeldTokens
}

/** Another process began a spend that it may still be about to keep. */
interface ForeignMark {
  readonly markedAt: number
}

/** Milliseconds. */
const REFUSAL_LIFE = 5_000
const MAX_REFUSALS = 10_000
const MAX_UNKEPT = 10_000
/** How long callers wait for a store that does not take what a spend brought; it is offered again after that. Milliseconds. */
const KEEP_PATIENCE = 30_000
const LEASE_RETRIES = 3
/** How often that is tried. Milliseconds. */
const KEEP_PAUSE = 250
/** Between such waits, when nobody asks any more. Milliseconds. */
const OFFER_PAUSE = 1_000
/** A sibling's time, two answers that never come, and more: given up early, a live spend would be repeated. */
const MAX_SPENDS = 5
/** For locks, the store and pauses between tries. Milliseconds. */
const MAX_PAUSES = 60_000

const sleep = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration))

/**
 * Renews each grant once, however many callers ask. A rotating refresh token works once and its replay ends the
 * whole grant, so: one flight a process, one lock holder among processes, re-read under the lock, mark before
 * the spend, keep before the use, and exactly one more attempt for a spend whose answer was lost.
 */
export class RefreshCoordinator {
  readonly #flights: SingleFlight<HeldTokens>
  readonly #refusals = new BoundedMap<Refusal>({ maxEntries: MAX_REFUSALS })
  readonly #unkept = new BoundedMap<Unkept>({ maxEntries: MAX_UNKEPT })
  /** Marks of this process's own spends: whoever made any other may still be about to keep what it got. */
  readonly #marks = new BoundedMap<number>({ maxEntries: MAX_UNKEPT })
  readonly #deps: RefreshDependencies
  readonly #wait: Spending['wait']

  constructor(dependencies: RefreshDependencies) {
    this.#deps = dependencies
    this.#wait = dependencies.wait ?? sleep
    this.#flights = new SingleFlight({ limit: MAX_SPENDS * dependencies.spendTimeout + MAX_PAUSES })
  }

  /**
   * Tokens newer than the stale access token.
   * @throws {TokenError} `token/grant-ended`, `token/refresh-answer-lost`, `token/refresh-missing`: only a login helps.
   * @throws {TransportError} and other retryable errors: the grant lives, try again.
   * @throws {OAuthError} when Salesforce declines and the grant lives; for seconds it is not asked again.
   */
  async renew(home: TokenHome, stale: string): Promise<HeldTokens> {
    if (home.ended()) throw home.gone()
    const under = await this.#flights.join(home.key)
    if (under !== undefined && under.value.accessToken !== stale) return under.value
    // Decided before the flight, which others may join whose responses have not started.
    if (!home.canKeep()) return keptMeanwhile(home, stale)
    return this.#flights.run(home.key, () => this.#renew(home, stale))
  }

  /** The last act on a grant: after any renewal under way, under the lock, with the newest tokens. */
  async retire(home: TokenHome, work: (newest: HeldTokens | undefined, lease?: Lease) => Promise<void>): Promise<void> {
    await this.#flights.join(home.key).catch(() => undefined)
    await locked(home, async (lease) => {
      const state = await home.read()
      const unkept = this.#unkept.get(home.key)
      const isOlder = state === undefined || state.tokens.accessToken === unkept?.spent.accessToken
      if (!isOlder) await this.#drop(home, state)
      await work(isOlder ? (unkept?.tokens ?? state?.tokens) : state.tokens, lease)
      this.#unkept.delete(home.key)
    })
  }

  async #renew(home: TokenHome, stale: string): Promise<HeldTokens> {
    let renewal: Renewal
    try {
      renewal = await this.#turns(home, stale)
    } catch (error) {
      if (error === this.#refusals.get(home.key)?.error) throw error
      const until = this.#deps.now() + REFUSAL_LIFE
      if (isDeclined(error)) this.#refusals.set(home.key, { error, until })
      await this.#deps.failed(home, error)
      if (this.#unkept.has(home.key)) this.#offerLater(home, stale)
      throw error
    }
    if (renewal.spent !== undefined) await this.#deps.renewed(home, renewal.spent, renewal.tokens)
    return renewal.tokens
  }

  /** For as long as the store does not take what a spend brought: other processes would spend the dead token. */
  #offerLater(home: TokenHome, stale: string): void {
    const timer: unknown = setTimeout(() => {
      if (this.#unkept.has(home.key)) this.renew(home, stale).catch(() => undefined)
    }, OFFER_PAUSE)
    // No process has to live on for it; other platforms than Node have numbers here.
    ;(timer as { unref?: () => void }).unref?.()
  }

  /** Turns under the lock until one settles it: what was spent must be kept, though the store or the lock went away. */
  async #turns(home: TokenHome, stale: string): Promise<Renewal> {
    let patience: number | undefined
    let leasesLost = 0
    for (let awaited: number | undefined; ;) {
      try {
        const outcome = await locked(home, (lease) => this.#turn(home, stale, { lease, awaited }))
        if ('tokens' in outcome) return outcome
        await awaitSibling({ home, stale }, { wait: this.#wait, spendTimeout: this.#deps.spendTimeout })
        awaited = outcome.markedAt
      } catch (error) {
        const isUnkept = this.#unkept.has(home.key)
        if (isUnkept) patience ??= performance.now() + KEEP_PATIENCE
        const isOver = patience !== undefined && performance.now() > patience
        if (isUnkept ? isOver : !isLeaseLost(error) || leasesLost++ === LEASE_RETRIES) throw error
        await this.#wait(KEEP_PAUSE * (0.5 + Math.random()))
      }
    }
  }

  async #turn(home: TokenHome, stale: string, { lease, awaited }: Turn): Promise<Renewal | ForeignMark> {
    const state = await home.read()
    const unkept = this.#unkept.get(home.key)
    if (state === undefined || home.ended()) return this.#giveUp(home, unkept)
    const { tokens, spendStartedAt, grantedAt } = state
    if (unkept?.spent.accessToken === tokens.accessToken) return this.#keep(home, unkept, lease)
    await this.#drop(home, state)
    if (tokens.accessToken !== stale) return { tokens }
    if (state.dead !== undefined) throw state.dead
    const refusal = this.#refusals.get(home.key)
    const left = refusal === undefined ? 0 : refusal.until - this.#deps.now()
    // A longer one tells of a clock that was set back.
    if (left > 0 && left <= REFUSAL_LIFE) throw refusal?.error
    const isForeign = spendStartedAt !== this.#marks.get(home.key) && spendStartedAt !== awaited
    if (lease !== undefined && isPending(spendStartedAt) && isForeign) return { markedAt: spendStartedAt }
    const { login } = home
    const brought = await this.#spend(home, state, lease)
    if (brought.adopted) return { tokens: brought.tokens }
    const gained: Unkept = {
      spent: tokens,
      tokens: brought.tokens,
      login,
      ...(grantedAt !== undefined && { grantedAt }),
    }
    this.#unkept.set(home.key, gained)
    return this.#keep(home, gained, lease)
  }

  async #spend(home: TokenHome, state: TokenState, lease?: Lease): ReturnType<typeof spend> {
    const startedAt = this.#deps.now()
    try {
      if (state.tokens.refreshToken === undefined) throw refreshMissing()
      this.#marks.set(home.key, startedAt)
      return await spend({ home, lease, send: this.#deps.send, wait: this.#wait, startedAt }, state)
    } catch (error) {
      // Why it died is written down while nobody else can ask; the error itself matters more.
      if (isSalesforceAuthError(error) && error.needsLogin) await home.died?.(error, lease).catch(() => undefined)
      throw error
    }
  }

  async #keep(home: TokenHome, gained: Unkept, lease?: Lease): Promise<Renewal> {
    const { spent, tokens } = gained
    if (home.ended()) return this.#giveUp(home, gained)
    const isKept = await home.write({ tokens }, lease)
    if (!isKept && lease === undefined) return this.#giveUp(home, gained)
    // The lock went to somebody else, or what they were for is gone: the next turn finds out which.
    if (!isKept) throw leaseLost()
    this.#unkept.delete(home.key)
    return { tokens, spent }
  }

  async #giveUp(home: TokenHome, unkept: Unkept | undefined): Promise<never> {
    this.#unkept.delete(home.key)
    if (unkept !== undefined) await this.#deps.discard(unkept.login, unkept.tokens)
    throw home.gone()
  }

  /** Forgets what others have overtaken. Of a grant that another one replaced meanwhile it lives on, unless revoked. */
  async #drop(home: TokenHome, { tokens, grantedAt }: TokenState): Promise<void> {
    const unkept = this.#unkept.get(home.key)
    this.#unkept.delete(home.key)
    if (unkept === undefined || unkept.grantedAt === grantedAt) return
    if (!shareRefreshToken(unkept.tokens, tokens)) await this.#deps.discard(unkept.login, unkept.tokens)
  }
}

interface Turn {
  readonly lease: Lease | undefined
  /** The mark of another process's spend that has been given its time. */
  readonly awaited: number | undefined
}

async function keptMeanwhile(home: TokenHome, stale: string): Promise<HeldTokens> {
  const state = await home.read()
  if (state === undefined || state.tokens.accessToken === stale) throw responseStarted()
  return state.tokens
}
