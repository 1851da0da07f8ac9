import { readRestError, toId18 } from '@orgpass/core'
import type { RequestAuth } from '@orgpass/core'

const QUERY = '/services/data/v64.0/query'
const MOST = 200

export interface Customer {
  readonly id: string
  readonly name: string
}

export interface Person {
  readonly name: string
  readonly title: string
}

/** Of the fields that are asked for here, all are texts. */
type Row = Readonly<Record<string, string | null>>

/** The first 200 customers by name. */
export async function listCustomers(salesforce: RequestAuth): Promise<readonly Customer[]> {
  const soql = `SELECT Id, Name FROM Account WHERE Type LIKE 'Customer%' ORDER BY Name LIMIT ${MOST}`
  const rows = await query(salesforce, soql)
  return rows.map((row) => ({ id: row['Id'] ?? '', name: row['Name'] ?? '' }))
}

/** The people that the org knows at a customer. */
export async function peopleAt(salesforce: RequestAuth, id: string, signal: AbortSignal): Promise<readonly Person[]> {
  if (toId18(id) === undefined) throw new TypeError(`${id} is not a record's id.`)
  const soql = `SELECT Name, Title FROM Contact WHERE AccountId = '${id}' ORDER BY Name LIMIT ${MOST}`
  const rows = await query(salesforce, soql, signal)
  return rows.map((row) => ({ name: row['Name'] ?? '', title: row['Title'] ?? '' }))
}

async function query(salesforce: RequestAuth, soql: string, signal?: AbortSignal): Promise<readonly Row[]> {
  const path = `${QUERY}?${new URLSearchParams({ q: soql }).toString()}`
  const response = await salesforce.fetch(path, signal === undefined ? {} : { signal })
  const refusal = await readRestError(response)
  if (refusal !== undefined) throw refusal
  const { records } = (await response.json()) as { records: readonly Row[] }
  return records
}
