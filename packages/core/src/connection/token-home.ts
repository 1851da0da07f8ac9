import type { SalesforceAuthError } from '../errors/errors.ts'
import type { LoginHost } from '../org/hosts.ts'
import type { Lease } from '../store/key-value.ts'
import type { HeldTokens } from './held-tokens.ts'

/** Tokens as they are kept, with the mark of a spend whose answer has not come. */
export interface TokenState {
  readonly tokens: HeldTokens
  /** When a person last granted them, where grants take each other's place. Epoch milliseconds. */
  readonly grantedAt?: number
  /**
   * When the refresh token was last sent off without an answer so far; {@link GIVEN_UP} when nobody waits for that any
   * more. Epoch milliseconds.
   */
  readonly spendStartedAt?: number
  /** Why nothing but a person can renew them any more. */
  readonly dead?: SalesforceAuthError
}

/** The mark of a spend that nobody waits for: its fate is open, but the next one need not wait. */
export const GIVEN_UP = 0

/** Where the tokens of one session or connection are read and written. */
export interface TokenHome {
  readonly key: string
  /** Where the grant was made and its tokens are renewed and revoked. */
  readonly login: LoginHost
  /** The newest tokens, or `undefined` when they are gone. */
  read(): Promise<TokenState | undefined>
  /** False when they ended meanwhile: what was to be written must not be used. */
  write(state: TokenState, lease: Lease | undefined): Promise<boolean>
  /** Logged out in this process: no request may use or renew these tokens any more. */
  ended(): boolean
  /** Whether what a spend brings can still be kept. */
  canKeep(): boolean
  /** What to tell who asks for tokens that are gone. */
  gone(): SalesforceAuthError
  /** Told under the lock when nothing but a login helps any more. */
  died?(error: SalesforceAuthError, lease: Lease | undefined): Promise<void>
  withLock?<T>(work: (lease: Lease) => Promise<T>): Promise<T>
}
