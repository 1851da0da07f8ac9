import { isSalesforceAuthError } from '@orgpass/core'
import type { KeyValueStore, StoredConnection } from '@orgpass/core'
import { findCount, keepCount } from './counts.ts'
import type { Count } from './counts.ts'

const QUERY = '/services/data/v64.0/query?q=SELECT+COUNT()+FROM+Account'
/** Milliseconds. */
const PATIENCE = 30_000

/** Asks an org how many accounts it has, and keeps what came of it for the page. */
export async function countAccounts(connection: StoredConnection, store: KeyValueStore): Promise<void> {
  const before = await findCount(store, connection.id)
  const { problem: _, ...known } = before ?? {}
  const found = await ask(connection, before).catch(whyNot)
  await keepCount(store, connection.id, { ...known, ...found })
}

async function ask(connection: StoredConnection, before: Count | undefined): Promise<Count> {
  const answer = await connection.fetch(QUERY, { signal: AbortSignal.timeout(PATIENCE) })
  if (!answer.ok) {
    await answer.body?.cancel()
    return { problem: `The org answered ${answer.status}.` }
  }
  const { totalSize } = (await answer.json()) as { totalSize: number }
  return { accounts: totalSize, at: Date.now(), user: await userOf(connection, before) }
}

/** Somebody else may have reconnected it. */
async function userOf(connection: StoredConnection, before: Count | undefined): Promise<NonNullable<Count['user']>> {
  const { userId: id } = connection.info
  if (before?.user?.id === id) return before.user
  return { id, name: (await connection.identity()).username }
}

/** What a person has to do stands with the connection itself; the rest passes, and the next attempt may work. */
function whyNot(error: unknown): Count {
  if (!isSalesforceAuthError(error) || error.code === 'connection/store-failed') throw error
  if (error.code === 'connection/needs-reconnect') return {}
  return { problem: error.expose ? error.message : 'The org could not be asked.' }
}
