import { connectionNotFound } from '../connection/connection-errors.ts'
import type { Connections } from '../connection/connections.ts'
import type { StoredConnection } from '../connection/stored-connection.ts'
import type { Reply } from '../http/exchange.ts'
import type { AuthRequest } from './auth-request.ts'
import { redirectTo } from './authorize.ts'
import { requireConnectKit, startConnect } from './connect.ts'
import type { ConnectOrgOptions } from './connect.ts'
import { requireOwner } from './owner.ts'

/**
 * The stored connections of whoever the option `owner` says is asking. What belongs to somebody else does not exist
 * here, so an id may come from the address or a form.
 *
 * Everything throws {@link ConnectionError} `connection/owner-missing` when nobody is signed in to the app, and
 * `connection/store-failed`, retryable, while the store is away.
 */
export class RequestConnections {
  readonly #request: AuthRequest

  constructor(request: AuthRequest) {
    this.#request = request
  }

  /** All of the owner's connections, oldest first. */
  async list(): Promise<readonly StoredConnection[]> {
    const owner = await requireOwner(this.#request.owner)
    return this.#all.list(owner)
  }

  /** The owner's connection with this id or alias; `undefined` when there is none. */
  async get(idOrAlias: string): Promise<StoredConnection | undefined> {
    const owner = await requireOwner(this.#request.owner)
    const found = await this.#all.get(idOrAlias)
    if (found?.info.owner === owner) return found
    return (await this.#all.list(owner)).find(({ info }) => info.alias === idOrAlias)
  }

  /** The one the owner made the default, else the oldest; `undefined` when there is none. */
  async default(): Promise<StoredConnection | undefined> {
    return this.#all.default(await requireOwner(this.#request.owner))
  }

  /**
   * Starts a connection: the reply is a redirect to Salesforce. The callback route finishes it. Call it for a POST that
   * passed `requiresSameOrigin`, as the route `/auth/connect` does.
   * @throws {ConnectionError} `connection/login-host`, `connection/alias-invalid`, `connection/not-found`
   */
  async connect(options: ConnectOrgOptions = {}): Promise<Reply> {
    const { kit, exchange, owner } = this.#request
    return redirectTo(await startConnect({ kit, exchange }, await requireOwner(owner), options), 303)
  }

  /** Revokes its grant, then forgets it: see {@link Connections.disconnect}. @throws {ConnectionError} `connection/not-found` */
  async disconnect(id: string): Promise<{ readonly revoked: boolean }> {
    return this.#all.disconnect(await this.#own(id))
  }

  /** Makes it the owner's default. @throws {ConnectionError} `connection/not-found` */
  async makeDefault(id: string): Promise<void> {
    await this.#all.makeDefault(await this.#own(id))
  }

  /** Gives it another alias: see {@link Connections.rename}. @throws {ConnectionError} `connection/alias-taken` … */
  async rename(id: string, alias: string): Promise<void> {
    await this.#all.rename(await this.#own(id), alias)
  }

  get #all(): Connections {
    return requireConnectKit(this.#request.kit).connections.during(this.#request.exchange)
  }

  async #own(id: string): Promise<string> {
    const owner = await requireOwner(this.#request.owner)
    const found = await this.#all.get(id)
    if (found?.info.owner !== owner) throw connectionNotFound()
    return id
  }
}
