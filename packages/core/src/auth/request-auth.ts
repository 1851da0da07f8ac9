import { Connection } from '../connection/connection.ts'
import type { Exchange, Reply } from '../http/exchange.ts'
import type { Introspection } from '../resources/introspect.ts'
import type { UserProfile } from '../resources/profile.ts'
import { viewSession } from '../session/session.ts'
import type { Session, SessionData, SessionRecord } from '../session/session.ts'
import type { AuthRequest } from './auth-request.ts'
import { appPath } from './authorize.ts'
import type { BearerClaims } from './bearer/claims.ts'
import { RequestBearer } from './bearer/request-bearer.ts'
import { Caller } from './caller.ts'
import type { Kit } from './kit.ts'
import { startLogin } from './login.ts'
import type { LoginOptions } from './login.ts'
import { challengeLogin, noSessionWithBearer } from './login-challenge.ts'
import { hasSessionPassed } from './passage.ts'
import { RequestConnections } from './request-connections.ts'
import { RequestSession } from './request-session.ts'
import { forbidden } from './requirement.ts'
import type { Requirement } from './requirement.ts'
import { requireOrigin, requireSameOrigin } from './same-origin.ts'

export interface LogoutOptions {
  /** A path of this app to go to. @default '/' */
  returnTo?: string
}

/** One request's view of its session and its Salesforce connection. Nothing is opened or fetched until it is asked for. */
export class RequestAuth {
  /** The connections that are stored for whoever the option `owner` says is asking, with a session or without. */
  readonly connections: RequestConnections
  readonly #kit: Kit
  readonly #exchange: Exchange
  readonly #session: RequestSession
  readonly #connection: Connection
  #bearer: RequestBearer | undefined
  #challenge: Promise<Reply> | undefined

  constructor(request: AuthRequest) {
    const { kit, exchange } = request
    this.connections = new RequestConnections(request)
    this.#kit = kit
    this.#exchange = exchange
    this.#session = new RequestSession(kit, exchange)
    this.#connection = new Connection(
      { current: async () => this.#own().current(), renew: async (stale) => this.#own().renew(stale) },
      { client: kit.client, loginBase: async () => (await this.#own().demand()).login.base },
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
    await this.#own().saveData(data)
  }

  /** Starts a login: the reply is a redirect to Salesforce. */
  login(options: LoginOptions = {}): Promise<Reply> {
    return startLogin(this.#kit, this.#exchange, options)
  }

  /** Ends the session here at once and revokes its grant behind the reply, which is a redirect into the app. */
  async logout(options: LogoutOptions = {}): Promise<Reply> {
    if (this.#bearer === undefined) await this.#session.end()
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

  async #load(): Promise<SessionRecord | undefined> {
    return this.#bearer === undefined ? this.#session.load() : undefined
  }

  /** A bearer token took the place of the session: nothing is called, renewed or kept with that any more. */
  #own(): RequestSession {
    if (this.#bearer !== undefined) throw noSessionWithBearer()
    return this.#session
  }
}
