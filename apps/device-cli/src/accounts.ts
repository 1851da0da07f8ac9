import { readRestError } from '@orgpass/core'
import type { Connection } from '@orgpass/core'

export interface Account {
  readonly Name: string
  readonly Industry: string | null
}

/** The first few accounts by name. */
export async function listAccounts(connection: Connection, count: number): Promise<readonly Account[]> {
  const q = `SELECT Name, Industry FROM Account ORDER BY Name LIMIT ${count}`
  const response = await connection.fetch(`/services/data/v64.0/query?${new URLSearchParams({ q }).toString()}`)
  const refused = await readRestError(response)
  if (refused !== undefined) throw refused
  const { records } = (await response.json()) as { records: readonly Account[] }
  return records
}
