import { randomSecret, sameSecret } from '../crypto/pkce.ts'
import type { Seal } from '../crypto/seal.ts'
import type { Exchange } from '../http/exchange.ts'
import type { LoginHost } from '../org/hosts.ts'
import { BoundedMap } from '../store/bounded-map.ts'
import { cookieLine, cookieNames, readCookie } from './cookie.ts'

/** What a login is to become when it is to be stored as a connection. */
export interface ConnectAttempt {
  /** Whose connection it becomes, in the words of the host app. */
  readonly owner: string
  readonly alias?: string
  /** The connection that gets a new grant. */
  readonly connectionId?: string
  /** The only org that will do. */
  readonly expectedOrgId?: string
}

/** What one login attempt keeps until its callback. It lives in a sealed cookie of its own, so that tabs do not disturb each other. */
export interface Transaction {
  /** Names the cookie; the part of the state before the dot. */
  readonly id: string
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  /** Where the code must be redeemed: whatever the callback says, tokens come from here. */
  readonly login: LoginHost
  readonly returnTo: string
  readonly startedAt: number
  /** Absent when it is to become a session. */
  readonly connect?: ConnectAttempt
}

/** What is left of a transaction that cannot be finished, as evidence for a diagnosis. */
export type TransactionLoss =
  | { readonly why: 'expired' | 'evicted' }
  /** `startedOn` is the host that the browser used when this process saw the login begin. */
  | { readonly why: 'missing'; readonly startedOn?: string }
  | { readonly why: 'used'; readonly returnTo: string }

export interface TransactionsOptions {
  readonly seal: Seal
  /** Cookie names are this, a dot, and the transaction's id. */
  readonly cookiePrefix: string
  readonly secure: boolean
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** A login may take this long. Milliseconds. */
const LIFE = 30 * 60_000
/** The cookie outlives the transaction, so that a late callback can be told from a lost one. Milliseconds. */
const COOKIE_LIFE = 2 * LIFE
const MAX_PER_BROWSER = 5
/** Of all attempts together: servers and proxies refuse requests with more cookies, the whole app's. */
const MAX_BYTES = 4_500
const STATE = /^([0-9a-z]{8,12}-[\w-]{6})\.[\w-]{43}$/
const ID = /^[\w-]{1,40}$/

export class Transactions {
  readonly #options: TransactionsOptions
  readonly #used = new BoundedMap<string>({ maxEntries: 5_000 })
  readonly #evicted = new BoundedMap<true>({ maxEntries: 5_000 })
  readonly #startedOn = new BoundedMap<string>({ maxEntries: 5_000 })

  constructor(options: TransactionsOptions) {
    this.#options = options
  }

  /** Starts a login attempt in this browser; the oldest give way to it where there are too many or too long ones. */
  async start(
    exchange: Exchange,
    { login, returnTo, connect }: Pick<Transaction, 'login' | 'returnTo' | 'connect'>,
  ): Promise<Transaction> {
    const startedAt = this.#options.now()
    const id = `${startedAt.toString(36)}-${randomSecret().slice(0, 6)}`
    const state = `${id}.${randomSecret()}`
    const secrets = { nonce: randomSecret(), codeVerifier: randomSecret() }
    const transaction = { id, state, ...secrets, login, returnTo, startedAt, ...(connect && { connect }) }
    const sealed = await this.#options.seal.seal(JSON.stringify(transaction))
    this.#evict(exchange, sealed.length)
    this.#startedOn.set(id, (exchange.header('host') ?? '').slice(0, 255))
    this.#setCookie(exchange, id, { value: sealed, maxAge: COOKIE_LIFE })
    return transaction
  }

  /** Looks at the attempt that a callback's state belongs to, and leaves it as it is. */
  async find(exchange: Exchange, state: string): Promise<Transaction | TransactionLoss> {
    const id = STATE.exec(state)?.[1]
    if (id === undefined) return { why: 'missing' }
    const returnTo = this.#used.get(id)
    if (returnTo !== undefined) return { why: 'used', returnTo }
    const sealed = readCookie(exchange.header('cookie'), `${this.#options.cookiePrefix}.${id}`)
    const text = sealed === undefined ? undefined : await this.#options.seal.open(sealed)
    if (text === undefined) return this.#missing(id)
    const transaction = JSON.parse(text) as Transaction
    return sameSecret(transaction.state, state) ? transaction : { why: 'missing' }
  }

  /** Takes an attempt that was found; it can be taken once. */
  take(exchange: Exchange, transaction: Transaction): TransactionLoss | undefined {
    const { id, returnTo, startedAt } = transaction
    // Opening takes a while: a second copy of the same callback may have been faster.
    if (this.#used.get(id) !== undefined) return { why: 'used', returnTo }
    this.#setCookie(exchange, id, { value: '', maxAge: 0 })
    if (startedAt + LIFE < this.#options.now()) return { why: 'expired' }
    this.#used.set(id, returnTo)
    return undefined
  }

  #missing(id: string): TransactionLoss {
    if (this.#evicted.get(id)) return { why: 'evicted' }
    const startedOn = this.#startedOn.get(id)
    return { why: 'missing', ...(startedOn !== undefined && { startedOn }) }
  }

  /** How many login attempts this browser has open. */
  open(exchange: Exchange): number {
    return cookieNames(exchange.header('cookie'), `${this.#options.cookiePrefix}.`).length
  }

  #evict(exchange: Exchange, length: number): void {
    const header = exchange.header('cookie')
    const prefix = `${this.#options.cookiePrefix}.`
    // Ids begin with their start time in a fixed number of digits, so their order is their age.
    const ids = cookieNames(header, prefix).map((name) => name.slice(prefix.length))
    const newestFirst = ids
      .filter((id) => ID.test(id))
      .toSorted()
      .toReversed()
    let [count, bytes] = [1, length]
    for (const id of newestFirst) {
      if (++count <= MAX_PER_BROWSER) bytes += readCookie(header, prefix + id)?.length ?? 0
      if (count <= MAX_PER_BROWSER && bytes <= MAX_BYTES) continue
      this.#evicted.set(id, true)
      this.#setCookie(exchange, id, { value: '', maxAge: 0 })
    }
  }

  #setCookie(exchange: Exchange, id: string, { value, maxAge }: { value: string; maxAge: number }): void {
    const name = `${this.#options.cookiePrefix}.${id}`
    exchange.setCookie(name, cookieLine(name, value, { secure: this.#options.secure, maxAge }))
  }
}
