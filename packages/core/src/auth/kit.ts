import type { ConnectConfig } from '../config-connect.ts'
import type { Config } from '../config.ts'
import type { ConnectionRecords } from '../connection/connection-records.ts'
import type { Connections } from '../connection/connections.ts'
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

/** One of the app's clients at Salesforce: how it checks and ends its grants. */
export interface Grants {
  readonly client: Client
  /**
   * Checks a token answer and keeps of it what later requests need.
   * @throws {TokenError} when the signature, org or user is not what it must be.
   */
  accept(answer: TokenSet, login: LoginHost, previous?: HeldTokens): Promise<HeldTokens>
  /** Revokes the grant of tokens that nobody will use any more. Never fails; tries a few times, and says whether it worked. */
  readonly discard: (login: LoginHost, tokens: Pick<HeldTokens, 'accessToken' | 'refreshToken'>) => Promise<boolean>
}

/** What the connections that are stored for the app's users need. */
export interface ConnectKit extends Grants {
  readonly config: ConnectConfig
  readonly records: ConnectionRecords
  readonly refresher: RefreshCoordinator
  readonly connections: Connections
}

/** What one instance holds for its whole life, shared by all its requests. */
export interface Kit extends Grants {
  readonly config: Config
  readonly hooks: Pick<SalesforceAuthOptions, 'onLogin' | 'onLogout' | 'onConnect'>
  readonly keys: KeySource
  readonly sessions: SessionHome
  readonly transactions: Transactions
  readonly refresher: RefreshCoordinator
  /** What guards need to ask. */
  readonly callers: CallerMeans
  /** Judges bearer tokens; absent when the app takes none. */
  readonly bearer?: BearerGate
  /** Absent when the app stores no connections. */
  readonly connect?: ConnectKit
}
