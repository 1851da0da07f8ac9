import { ConfigError, isSalesforceAuthError } from '../errors/errors.ts'
import type { Exchange } from '../http/exchange.ts'
import { keepAlive } from '../http/keep-alive.ts'
import { checkAlias, requireFreeAlias } from './alias.ts'
import { connectionNotFound, storeFailed } from './connection-errors.ts'
import { connectionHome } from './connection-home.ts'
import { describeConnection } from './connection-record.ts'
import type { ConnectionInfo, ConnectionRecord } from './connection-record.ts'
import { inParallel } from './in-parallel.ts'
import { StoredConnection } from './stored-connection.ts'
import type { ConnectionMeans } from './stored-connection.ts'

export interface KeepAliveOptions {
  /** Renews what was not renewed for so long. Milliseconds. @default 1_728_000_000 (20 days) */
  idle?: number
  /** How many are renewed at once. @default 4 */
  concurrency?: number
  /** Stops after those under way. @default never */
  signal?: AbortSignal
}

/** What became of the connections that were gone through. */
export interface KeepAliveReport {
  readonly checked: number
  readonly renewed: number
  /** Salesforce has ended these: their owners have to reconnect them. */
  readonly needsReconnect: number
  /** These could not be renewed or read this time; the log says why. */
  readonly failed: number
}

export interface ResealReport {
  readonly resealed: number
  /** No secret opens these. */
  readonly unreadable: number
}

interface ConnectionsDependencies extends ConnectionMeans {
  /** Revokes a grant; must not fail. Answers whether it worked. */
  readonly discard: (record: ConnectionRecord) => Promise<boolean>
  /** Must not fail. */
  readonly disconnected: (info: ConnectionInfo) => Promise<void>
}

const TWENTY_DAYS = 20 * 86_400_000

/**
 * The stored connections of an app, whoever made them: for jobs, queues and administration. It asks nobody whose a
 * connection is. In a request use `req.salesforce.connections`, which knows only those of its owner.
 */
export class Connections {
  readonly #deps: ConnectionsDependencies

  constructor(dependencies: ConnectionsDependencies) {
    this.#deps = dependencies
  }

  /** The same for one request: what must not be cut off is what its platform is asked to finish. */
  during(exchange: Pick<Exchange, 'waitUntil'>): Connections {
    return new Connections({ ...this.#deps, exchange })
  }

  /**
   * A connection by its id; `undefined` when there is none.
   * @throws {ConnectionError} `connection/store-failed`, retryable; `connection/unreadable` when its secret is gone.
   */
  async get(id: string): Promise<StoredConnection | undefined> {
    const record = await this.#deps.records.load(id)
    return record && new StoredConnection(record, this.#deps)
  }

  /** All connections of an owner, oldest first. One that no secret opens is left out, and the log says so. */
  async list(owner: string): Promise<readonly StoredConnection[]> {
    return (await this.#deps.records.of(owner)).map((record) => new StoredConnection(record, this.#deps))
  }

  /** The connection that its owner made the default; the oldest when none was. `undefined` when there is none. */
  async default(owner: string): Promise<StoredConnection | undefined> {
    const [oldest, ...others] = await this.#deps.records.of(owner)
    if (oldest === undefined) return undefined
    const since = ({ defaultAt = 0 }: ConnectionRecord): number => defaultAt
    return new StoredConnection(
      others.reduce((best, next) => (since(next) > since(best) ? next : best), oldest),
      this.#deps,
    )
  }

  /** Makes it the default of its owner. @throws {ConnectionError} `connection/not-found` */
  async makeDefault(id: string): Promise<void> {
    await this.#change(id, (record) => ({ ...record, defaultAt: this.#deps.now() }))
  }

  /**
   * Gives it another alias.
   * @throws {ConnectionError} `connection/alias-taken` when another connection of its owner has it,
   *   `connection/alias-invalid` when it is no line of 1 to 100 characters, `connection/not-found`.
   */
  async rename(id: string, alias: string): Promise<void> {
    checkAlias(alias)
    const { records } = this.#deps
    const record = await records.load(id)
    if (record === undefined) throw connectionNotFound()
    await records.withOwnerLock(record.owner, async () => {
      requireFreeAlias(alias, await records.of(record.owner), record)
      await this.#change(id, (current) => ({ ...current, alias }))
    })
  }

  /**
   * Revokes its grant, then forgets it, whether or not Salesforce could be told: when `revoked` is false, the org's
   * administrator can end it under Setup › Connected Apps OAuth Usage.
   * @throws {ConnectionError} `connection/not-found`
   */
  async disconnect(id: string): Promise<{ readonly revoked: boolean }> {
    const { records, refresher, now, exchange = {} } = this.#deps
    const known = await records.load(id)
    if (known === undefined) throw connectionNotFound()
    let revoked = false
    const retirement = refresher.retire(connectionHome(records, known, now), async (newest, lease) => {
      const record = await records.load(id)
      if (record === undefined) throw connectionNotFound()
      revoked = await this.#deps.discard({ ...record, ...(newest && { tokens: newest }) })
      if (!(await records.remove(id, lease))) throw storeFailed(undefined)
    })
    await keepAlive(retirement, exchange)
    await this.#deps.disconnected(describeConnection(known))
    return { revoked }
  }

  /**
   * Renews what nobody has used for long: Salesforce may end refresh tokens that are idle for 30 days. Run it once a
   * day; several processes may run it at once. Failures are counted, not thrown, except those of going through the store.
   * @throws {ConfigError} `config/invalid` for numbers that cannot be meant.
   */
  async keepAlive({ idle = TWENTY_DAYS, concurrency = 4, signal }: KeepAliveOptions = {}): Promise<KeepAliveReport> {
    if (!(idle >= 0)) throw invalid('idle', 'is no duration', 'Give milliseconds.')
    if (!Number.isInteger(concurrency) || concurrency < 1)
      throw invalid('concurrency', 'is no whole number from 1', 'Say how many may be renewed at once.')
    const { records, refresher, now, client } = this.#deps
    const report = { checked: 0, renewed: 0, needsReconnect: 0, failed: 0 }
    await inParallel(records.all(), { concurrency, ...(signal && { signal }) }, async (id) => {
      report.checked++
      try {
        const record = await records.load(id)
        if (record === undefined) return
        if (record.dead !== undefined) report.needsReconnect++
        else if (record.tokens.refreshToken !== undefined && now() - record.renewedAt >= idle) {
          await refresher.renew(connectionHome(records, record, now), record.tokens.accessToken)
          report.renewed++
        }
      } catch (error) {
        const isDead = isSalesforceAuthError(error) && (error.needsLogin || error.code === 'connection/needs-reconnect')
        report[isDead ? 'needsReconnect' : 'failed']++
        const message = `A connection could not be kept alive. ${String(error)}`
        client.log({ level: 'warn', event: 'connection/keep-alive-failed', message, connectionId: id })
      }
    })
    return report
  }

  /**
   * Seals every connection anew with the newest secret, so that an old one can be dropped from the list. Run it when
   * every process has the new one first; before, add it last everywhere, so that none meets what it cannot open. What is
   * renewed meanwhile is not disturbed.
   */
  async reseal(): Promise<ResealReport> {
    const report = { resealed: 0, unreadable: 0 }
    await inParallel(this.#deps.records.all(), { concurrency: 4 }, async (id) => {
      try {
        await this.#change(id, (record) => record)
        report.resealed++
      } catch (error) {
        if (!isSalesforceAuthError(error)) throw error
        if (error.code === 'connection/unreadable') report.unreadable++
        else if (error.code !== 'connection/not-found') throw error
      }
    })
    await this.#deps.records.resealed()
    return report
  }

  async #change(id: string, change: (record: ConnectionRecord) => ConnectionRecord): Promise<void> {
    const { records } = this.#deps
    await records.withLock(id, async (lease) => {
      const record = await records.load(id)
      if (record === undefined) throw connectionNotFound()
      if (!(await records.keep(change(record), lease))) throw storeFailed(undefined)
    })
  }
}

function invalid(option: string, problem: string, hint: string): ConfigError {
  return new ConfigError([{ option, problem, hint }])
}
