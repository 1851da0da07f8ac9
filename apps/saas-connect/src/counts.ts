import type { KeyValueStore } from '@orgpass/core'

/** What the worker found out about an org. */
export interface Count {
  readonly accounts: number
  /** Epoch milliseconds. */
  readonly at: number
}

/** A week, in milliseconds: what is older is of no use. */
const LIFE = 7 * 86_400_000
const keyOf = (connectionId: string): string => `saas:count:${connectionId}`

export async function keepCount(store: KeyValueStore, connectionId: string, count: Count): Promise<void> {
  await store.set(keyOf(connectionId), JSON.stringify(count), { ttl: LIFE })
}

export async function findCount(store: KeyValueStore, connectionId: string): Promise<Count | undefined> {
  const text = await store.get(keyOf(connectionId))
  return text === undefined ? undefined : (JSON.parse(text) as Count)
}
