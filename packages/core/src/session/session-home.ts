import type { HeldTokens } from '../connection/held-tokens.ts'
import type { TokenHome } from '../connection/token-home.ts'
import type { Exchange } from '../http/exchange.ts'
import type { SessionChange, SessionRecord } from './session.ts'

/** Where sessions live between requests. */
export interface SessionHome {
  /** The session of a request; whatever cannot be read counts as absent. */
  open(exchange: Exchange): Promise<SessionRecord | undefined>
  /** Begins a session: nothing of an earlier one in the same browser is reused. */
  create(exchange: Exchange, record: SessionRecord): Promise<void>
  /** Keeps a change of a session. Answers what is kept, or `undefined` when the session ended or cannot be written now. */
  update(exchange: Exchange, record: SessionRecord, change: SessionChange): Promise<SessionRecord | undefined>
  /** The session with the tokens that a renewal just kept, sent to the browser where that is needed and possible. */
  renewed(exchange: Exchange, record: SessionRecord, tokens: HeldTokens): Promise<SessionRecord>
  /** Whether it was logged out in this process, by whatever request. */
  ended(record: SessionRecord): boolean
  /** Forgets the session here and in the browser, at once. */
  end(exchange: Exchange, record: SessionRecord): Promise<void>
  /** Where the session's tokens are renewed. */
  tokens(exchange: Exchange, record: SessionRecord): TokenHome
}
