import type { KeyValueStore } from '@orgpass/core'

/** What was found out about an org. */
export interface Count {
  readonly accounts?: number
  /** When they were counted. Epoch milliseconds. */
  readonly at?: number
  /** As whom the connection calls. */
  readonly user?: { readonly id: string; readonly name: string }
  /** Why the last attempt brought nothing. */
  readonly problem?: string
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

export async function forgetCount(store: KeyValueStore, connectionId: string): Promise<void> {
  await store.delete(keyOf(connectionId))
}
