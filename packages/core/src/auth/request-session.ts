import { fitTokens } from '../connection/fit-tokens.ts'
import type { HeldTokens } from '../connection/held-tokens.ts'
import { sessionEnded } from '../connection/refresh-errors.ts'
import { isSalesforceAuthError, SessionError } from '../errors/errors.ts'
import type { Exchange } from '../http/exchange.ts'
import { keepAlive } from '../http/keep-alive.ts'
import { isTouchDue } from '../session/session.ts'
import type { SessionData, SessionRecord } from '../session/session.ts'
import { isAllowedOrg } from './allowed-org.ts'
import type { Kit } from './kit.ts'
import { sessionMissing } from './login-challenge.ts'
import { endSession } from './logout.ts'
import { checkSessionData } from './session-data.ts'

/** The session of one request: opened once, when it is first asked for. */
export class RequestSession {
  readonly #kit: Kit
  readonly #exchange: Exchange
  #record: Promise<SessionRecord | undefined> | undefined

  constructor(kit: Kit, exchange: Exchange) {
    this.#kit = kit
    this.#exchange = exchange
  }

  async load(): Promise<SessionRecord | undefined> {
    const record = await (this.#record ??= this.#open())
    // A subscription or a body that streams may outlive the session.
    return record !== undefined && this.#kit.sessions.ended(record) ? undefined : record
  }

  /** @throws {SessionError} `session/missing`; `session/ended` when it ended while the request was under way. */
  async demand(): Promise<SessionRecord> {
    const record = await this.load()
    if (record !== undefined) return record
    throw (await this.#record) === undefined ? sessionMissing() : sessionEnded()
  }

  async saveData(data: SessionData): Promise<void> {
    const checked = checkSessionData(data)
    const record = await this.demand()
    if (this.#exchange.committed) {
      throw new SessionError(
        'session/response-started',
        'Session data was to be saved after the response had started.',
        {
          hint: 'Save it before you write the response.',
        },
      )
    }
    const changed = await this.#kit.sessions.update(this.#exchange, record, { data: checked })
    if (changed === undefined) throw sessionEnded()
    this.#record = Promise.resolve(changed)
  }

  async end(): Promise<void> {
    const record = await this.load()
    if (record === undefined) return
    this.#record = Promise.resolve(undefined)
    await endSession(this.#kit, this.#exchange, record)
  }

  async current(): Promise<HeldTokens> {
    const { tokens } = await this.demand()
    return fitTokens(tokens, this.#kit.config.now(), (stale) => this.renew(stale))
  }

  async renew(stale: string): Promise<HeldTokens> {
    const { sessions, refresher } = this.#kit
    const record = await this.demand()
    try {
      // A visitor who leaves must not cut off a spend: its answer may hold the only token that lives.
      const renewal = refresher.renew(sessions.tokens(this.#exchange, record), stale)
      const tokens = await keepAlive(renewal, this.#exchange)
      const renewed = await sessions.renewed(this.#exchange, record, tokens)
      this.#record = Promise.resolve(renewed)
      return tokens
    } catch (error) {
      if (isSalesforceAuthError(error) && error.needsLogin) {
        this.#record = Promise.resolve(undefined)
        // The reason is what the caller has to learn, whatever becomes of the record.
        await sessions.end(this.#exchange, record).catch(() => undefined)
      }
      throw error
    }
  }

  async #open(): Promise<SessionRecord | undefined> {
    const { sessions, config } = this.#kit
    const record = await sessions.open(this.#exchange)
    // The list may be shorter than at the login, and a shared secret opens the sessions of laxer deployments.
    if (record !== undefined && !isAllowedOrg(record.tokens.identity.orgId, config.allowedOrgs)) return undefined
    if (record === undefined || this.#exchange.committed || !isTouchDue(record, config.now())) return record
    try {
      return await sessions.update(this.#exchange, record, { seenAt: config.now() })
    } catch (error) {
      config.log({
        level: 'warn',
        event: 'session/touch-failed',
        message: `A session could not be prolonged. ${String(error)}`,
      })
      return record
    }
  }
}
