import { isSalesforceAuthError } from '@orgpass/core'
import type { KeyValueStore, SalesforceAuth, StoredConnection } from '@orgpass/core'
import { keepCount } from './counts.ts'

export interface WorkerOptions {
  readonly salesforce: SalesforceAuth
  readonly store: KeyValueStore
  readonly tenants: readonly string[]
}

const QUERY = '/services/data/v64.0/query?q=SELECT+COUNT()+FROM+Account'
/** Milliseconds. */
const PATIENCE = 30_000
const DAY = 86_400_000

/** Counts the accounts of every org that is connected. What fails waits for the next round. */
export async function countAll({ salesforce, store, tenants }: WorkerOptions): Promise<void> {
  for (const tenant of tenants) {
    for (const connection of await salesforce.connections.list(tenant)) await countOne(connection, store)
  }
}

async function countOne(connection: StoredConnection, store: KeyValueStore): Promise<void> {
  if (connection.info.status === 'needs-reconnect') return
  try {
    const answer = await connection.fetch(QUERY, { signal: AbortSignal.timeout(PATIENCE) })
    if (!answer.ok) return console.warn(`An org answered ${answer.status} to the count of its accounts.`)
    const { totalSize } = (await answer.json()) as { totalSize: number }
    await keepCount(store, connection.id, { accounts: totalSize, at: Date.now() })
  } catch (error) {
    // The page says what a person can do about a connection; the rest passes.
    if (!isSalesforceAuthError(error) || !error.needsLogin) console.warn(`An org could not be asked: ${String(error)}`)
  }
}

/** Counts again and again, and once a day keeps alive what nobody uses. */
export function startWorker({ pause, ...options }: WorkerOptions & { readonly pause: number }): void {
  let keptAliveAt = 0
  const round = async (): Promise<void> => {
    try {
      await countAll(options)
      if (Date.now() - keptAliveAt > DAY) {
        keptAliveAt = Date.now()
        await options.salesforce.connections.keepAlive()
      }
    } catch (error) {
      console.warn(`A round of the worker failed: ${String(error)}`)
    }
    setTimeout(() => void round(), pause).unref()
  }
  setTimeout(() => void round(), pause).unref()
}
