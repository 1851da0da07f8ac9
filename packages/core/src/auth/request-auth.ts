import { Connection } from '../connection/connection.ts'
import { isDue } from '../connection/expiry.ts'
import type { HeldTokens } from '../connection/held-tokens.ts'
import { sessionEnded } from '../connection/refresh-errors.ts'
import { isSalesforceAuthError, SessionError, TransportError } from '../errors/errors.ts'
import type { Exchange, Reply } from '../http/exchange.ts'
import { keepAlive } from '../http/keep-alive.ts'
import type { Introspection } from '../resources/introspect.ts'
import type { UserProfile } from '../resources/profile.ts'
import { isTouchDue, viewSession } from '../session/session.ts'
import type { Session, SessionData, SessionRecord } from '../session/session.ts'
import type { BearerClaims } from './bearer/claims.ts'
import { RequestBearer } from './bearer/request-bearer.ts'
import { Caller } from './caller.ts'
import type { Kit } from './kit.ts'
import { appPath, startLogin } from './login.ts'
import type { LoginOptions } from './login.ts'
import { challengeLogin, noSessionWithBearer, sessionMissing } from './login-challenge.ts'
import { endSession } from './logout.ts'
import { hasSessionPassed } from './passage.ts'
import { forbidden } from './requirement.ts'
import type { Requirement } from './requirement.ts'
import { requireOrigin, requireSameOrigin } from './same-origin.ts'
import { checkSessionData } from './session-data.ts'

export interface LogoutOptions {
  /** A path of this app to go to. @default '/' */
  returnTo?: string
}

/** One request's view of its session and its Salesforce connection. Nothing is opened or fetched until it is asked for. */
export class RequestAuth {
  readonly #kit: Kit
  readonly #exchange: Exchange
  readonly #connection: Connection
  #record: Promise<SessionRecord | undefined> | undefined
  #bearer: RequestBearer | undefined
  #challenge: Promise<Reply> | undefined

  constructor(kit: Kit, exchange: Exchange) {
    this.#kit = kit
    this.#exchange = exchange
    this.#connection = new Connection(
      { current: () => this.#current(), renew: (stale) => this.#renew(stale) },
      { client: kit.client, loginBase: async () => (await this.#require()).login.base },
    )
  }

  /** The session of this request, or `undefined` when nobody is logged in. */
  async session(): Promise<Session | undefined> {
    const record = await this.#load()
    return record && viewSession(record)
  }

  /**
   * A live access token. Prefer `fetch`, which also notices when Salesforce ended it early.
   * @throws {SessionError} `session/missing` when nobody is logged in.
   */
  accessToken(): Promise<string> {
    return this.#connection.accessToken()
  }

  /** Calls Salesforce as the user: see {@link Connection.fetch}. @throws {SessionError} `session/missing` */
  fetch(path: string | URL, init?: RequestInit): Promise<Response> {
    return this.#connection.fetch(path, init)
  }

  /** Describes the user by the org's identity service: see {@link Connection.identity}. */
  identity(): Promise<UserProfile> {
    return this.#connection.identity()
  }

  /** Describes the user by OpenID Connect's userinfo: see {@link Connection.userinfo}. */
  userinfo(): Promise<UserProfile> {
    return this.#connection.userinfo()
  }

  /** What Salesforce says of the access token: see {@link Connection.introspect}. */
  introspect(): Promise<Introspection> {
    return this.#connection.introspect()
  }

  /** Keeps the host app's own data with the session, in place of what was there: at most 2,000 characters of JSON. */
  async saveData(data: SessionData): Promise<void> {
    const checked = checkSessionData(data)
    const record = await this.#require()
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

  /** Starts a login: the reply is a redirect to Salesforce. */
  login(options: LoginOptions = {}): Promise<Reply> {
    return startLogin(this.#kit, this.#exchange, options)
  }

  /** Ends the session here at once and revokes its grant behind the reply, which is a redirect into the app. */
  async logout(options: LogoutOptions = {}): Promise<Reply> {
    const record = await this.#load()
    if (record !== undefined) await this.#end(record)
    const location = appPath(this.#kit, options.returnTo)
    return { status: 303, location }
  }

  /** What the access token says that `requiresBearer` let pass; `undefined` when it did not run or let nothing pass. */
  bearer(): BearerClaims | undefined {
    return this.#bearer?.accepted?.claims
  }

  /**
   * Whom guards judge: the owner of the bearer token once `requiresBearer` ran, else who is logged in; `undefined` when
   * nobody is there. It answers what guards ask, for guards of your own.
   */
  async caller(): Promise<Caller | undefined> {
    if (this.#bearer !== undefined) return this.#bearer.caller()
    const session = await this.session()
    if (session === undefined) return undefined
    const { id, orgId, userId, scope } = session
    const { clientId } = this.#kit.config
    const service = {
      fetch: (path: string, init?: RequestInit) => this.fetch(path, init),
      userinfo: () => this.userinfo(),
    }
    const asking = { asker: id, exchange: this.#exchange }
    return new Caller({ kind: 'session', orgId, userId, scope, clientId, ...asking, ...service }, this.#kit.callers)
  }

  /**
   * Judges the request by its bearer token from now on, and answers what to reply when that is refused, as it always is
   * once a guard has let the session pass: see `requiresBearer`.
   */
  async requireBearer(): Promise<Reply | undefined> {
    if (hasSessionPassed(this)) return new RequestBearer(this.#kit, this.#exchange).refuseLate()
    this.#bearer ??= new RequestBearer(this.#kit, this.#exchange)
    return this.#bearer.judge()
  }

  /** What to answer to somebody who is known and may not: 403 with JSON that names the kind of thing that is missing. */
  forbid(requirement: Requirement, scopes?: readonly string[]): Reply {
    return this.#bearer?.forbid(requirement, scopes) ?? forbidden(requirement, scopes)
  }

  /** What to answer when a login is needed: a redirect for a person opening a page, 401 with JSON for everything else. */
  challenge(): Promise<Reply> {
    // Asked twice, it would start two logins.
    return (this.#challenge ??= this.#bearer?.challenge() ?? challengeLogin(this.#kit, this.#exchange))
  }

  /** Refuses a request that a page of another origin sent: for every route of the app that changes something. @throws {RequestError} */
  requireSameOrigin(): void {
    requireSameOrigin(this.#exchange, this.#kit.config.baseUrl.origin)
  }

  /**
   * Refuses a WebSocket handshake that no page of this app began. A bearer token that passed needs no origin: browsers
   * never add one by themselves.
   * @throws {RequestError} `request/cross-origin`, also when the handshake does not say where it comes from.
   */
  requireHandshakeOrigin(): void {
    if (this.bearer() === undefined) requireOrigin(this.#exchange, this.#kit.config.baseUrl.origin)
  }

  async #end(record: SessionRecord): Promise<void> {
    this.#record = Promise.resolve(undefined)
    await endSession(this.#kit, this.#exchange, record)
  }

  async #load(): Promise<SessionRecord | undefined> {
    if (this.#bearer !== undefined) return undefined
    const record = await (this.#record ??= this.#open())
    // A subscription or a body that streams may outlive the session.
    return record !== undefined && this.#kit.sessions.ended(record) ? undefined : record
  }

  async #open(): Promise<SessionRecord | undefined> {
    const { sessions, config } = this.#kit
    const record = await sessions.open(this.#exchange)
    // The list may be shorter than at the login, and a shared secret opens the sessions of laxer deployments.
    if (record !== undefined && !isAllowedOrg(config, record.tokens.identity)) return undefined
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

  async #require(): Promise<SessionRecord> {
    const record = await this.#load()
    if (record !== undefined) return record
    if (this.#bearer !== undefined) throw noSessionWithBearer()
    throw (await this.#record) === undefined ? sessionMissing() : sessionEnded()
  }

  async #current(): Promise<HeldTokens> {
    const { tokens } = await this.#require()
    const now = this.#kit.config.now()
    // Without a refresh token there is nothing to do early: use it until it is refused.
    if (tokens.refreshToken === undefined || !isDue(tokens, now)) return tokens
    try {
      return await this.#renew(tokens.accessToken)
    } catch (error) {
      if (isNoVerdict(error) && (tokens.expiresAt ?? 0) > now) return tokens
      throw error
    }
  }

  async #renew(stale: string): Promise<HeldTokens> {
    const { sessions, refresher } = this.#kit
    const record = await this.#require()
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
}

function isAllowedOrg({ allowedOrgs }: Kit['config'], { orgId }: HeldTokens['identity']): boolean {
  return allowedOrgs === 'any' || allowedOrgs.includes(orgId)
}

/** Whether nobody has said anything about the tokens: Salesforce was not reached, or asks to come back. */
function isNoVerdict(error: unknown): boolean {
  return error instanceof TransportError || (isSalesforceAuthError(error) && error.retryable)
}
