import { setTimeout as sleep } from 'node:timers/promises'
import type { KeyValueStore, SalesforceAuth } from '@orgpass/core'
import { countAccounts } from './count-accounts.ts'

export interface Rounds {
  readonly salesforce: SalesforceAuth
  readonly store: KeyValueStore
  readonly tenants: readonly string[]
}

export interface WorkerOptions extends Rounds {
  /** Between two rounds. Milliseconds. */
  readonly pause: number
}

export interface Worker {
  /** Ends once the org under way is done: a renewal that is cut off could lose its token. */
  stop(): Promise<void>
}

const DAY = 86_400_000

/** Counts the accounts of every org that is connected. What fails waits for the next round. */
export async function countAll({ salesforce, store, tenants }: Rounds, signal?: AbortSignal): Promise<void> {
  const { connections } = salesforce
  for (const tenant of tenants) {
    const ids = (await connections.list(tenant)).map(({ id }) => id)
    for (const id of ids) {
      if (signal?.aborted === true) return
      // By its id, as a queue would hand it over: it may have been disconnected meanwhile.
      const connection = await connections.get(id)
      if (connection?.info.status === 'connected') await countAccounts(connection, store)
    }
  }
}

/** Counts again and again, and once a day keeps alive what nobody uses. Any number of processes may do so at once. */
export function startWorker({ pause, ...rounds }: WorkerOptions): Worker {
  const stopping = new AbortController()
  const done = work(rounds, { pause, signal: stopping.signal })
  return {
    async stop() {
      stopping.abort()
      await done
    },
  }
}

async function work(rounds: Rounds, { pause, signal }: { pause: number; signal: AbortSignal }): Promise<void> {
  let keptAliveAt = 0
  while (!signal.aborted) {
    try {
      await countAll(rounds, signal)
      if (Date.now() - keptAliveAt > DAY) {
        await rounds.salesforce.connections.keepAlive({ signal })
        keptAliveAt = Date.now()
      }
    } catch (error) {
      console.warn(`A round of the worker failed: ${String(error)}`)
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined)
  }
}
