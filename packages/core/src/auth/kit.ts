import type { Config } from '../config.ts'
import type { HeldTokens } from '../connection/held-tokens.ts'
import type { RefreshCoordinator } from '../connection/refresh.ts'
import type { KeySource } from '../net/jwks.ts'
import type { Client } from '../oauth/client.ts'
import type { TokenSet } from '../oauth/token-set.ts'
import type { LoginHost } from '../org/hosts.ts'
import type { SalesforceAuthOptions } from '../options.ts'
import type { SessionHome } from '../session/session-home.ts'
import type { Transactions } from '../session/transaction.ts'
import type { BearerGate } from './bearer/gate.ts'
import type { CallerMeans } from './caller.ts'

/** What one instance holds for its whole life, shared by all its requests. */
export interface Kit {
  readonly config: Config
  readonly hooks: Pick<SalesforceAuthOptions, 'onLogin' | 'onLogout'>
  readonly client: Client
  readonly keys: KeySource
  readonly sessions: SessionHome
  readonly transactions: Transactions
  readonly refresher: RefreshCoordinator
  /** What guards need to ask. */
  readonly callers: CallerMeans
  /** Judges bearer tokens; absent when the app takes none. */
  readonly bearer?: BearerGate
  /**
   * Checks a token answer and keeps of it what later requests need.
   * @throws {TokenError} when the signature, org or user is not what it must be.
   */
  accept(answer: TokenSet, login: LoginHost, previous?: HeldTokens): Promise<HeldTokens>
  /** Revokes the grant of tokens that nobody will use any more. Never fails; tries a few times. */
  discard(login: LoginHost, tokens: Pick<HeldTokens, 'accessToken' | 'refreshToken'>): Promise<void>
}
