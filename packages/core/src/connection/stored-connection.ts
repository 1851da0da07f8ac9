import { isSalesforceAuthError } from '../errors/errors.ts'
import type { Exchange } from '../http/exchange.ts'
import { keepAlive } from '../http/keep-alive.ts'
import type { Client } from '../oauth/client.ts'
import { connectionNotFound, needsReconnect } from './connection-errors.ts'
import { connectionHome } from './connection-home.ts'
import { describeConnection } from './connection-record.ts'
import type { ConnectionInfo, ConnectionRecord } from './connection-record.ts'
import type { ConnectionRecords } from './connection-records.ts'
import { Connection } from './connection.ts'
import { fitTokens } from './fit-tokens.ts'
import type { HeldTokens } from './held-tokens.ts'
import type { RefreshCoordinator } from './refresh.ts'

/** What all stored connections of an instance share. */
export interface ConnectionMeans {
  readonly client: Client
  readonly records: ConnectionRecords
  readonly refresher: RefreshCoordinator
  /** Epoch milliseconds. */
  readonly now: () => number
  /** The request that the calls are made for, which its platform may end at any time. */
  readonly exchange?: Pick<Exchange, 'waitUntil'>
}

/**
 * A connection by its id: for requests, jobs and queues alike. Every call reads the store, so that it works with the
 * newest tokens, whichever process renewed them; keep the id, not the handle.
 *
 * All calls throw {@link ConnectionError}: `connection/not-found` once it was disconnected,
 * `connection/needs-reconnect` once Salesforce ended the grant, and `connection/store-failed` while the store is away.
 */
export class StoredConnection extends Connection {
  readonly id: string
  /** What was known when the handle was made. `describe()` looks again. */
  readonly info: ConnectionInfo
  readonly #means: ConnectionMeans

  constructor(record: ConnectionRecord, means: ConnectionMeans) {
    const { records, refresher, client, now, exchange = {} } = means
    const { id } = record
    const load = async (): Promise<ConnectionRecord> => {
      const newest = await records.load(id)
      if (newest === undefined) throw connectionNotFound()
      if (newest.dead !== undefined) throw needsReconnect(newest.dead)
      return newest
    }
    // A visitor who leaves must not cut off a spend: its answer may hold the only token that lives.
    const renew = async (stale: string): Promise<HeldTokens> => {
      try {
        return await keepAlive(refresher.renew(connectionHome(records, record, now), stale), exchange)
      } catch (error) {
        // Who finds it out and who finds it written down hear the same.
        throw isSalesforceAuthError(error) && error.needsLogin ? needsReconnect(error, error) : error
      }
    }
    const current = async () => fitTokens((await load()).tokens, now(), renew)
    super({ current, renew }, { client, loginBase: async () => (await load()).login.base })
    this.id = id
    this.info = describeConnection(record)
    this.#means = means
  }

  /**
   * What is known of it now; asks the store, not Salesforce.
   * @throws {ConnectionError} `connection/not-found`
   */
  async describe(): Promise<ConnectionInfo> {
    const record = await this.#means.records.load(this.id)
    if (record === undefined) throw connectionNotFound()
    return describeConnection(record)
  }
}
