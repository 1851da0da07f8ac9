import { readRestError } from '@orgpass/core'
import type { RequestAuth } from '@orgpass/core'

const DATA = '/services/data/v64.0'

/** Of the fields that are asked for in this app, all are texts or parents. */
export type Row = Readonly<Record<string, unknown>>

/** What a query finds, up to Salesforce's first page of 2,000. */
export async function query(salesforce: RequestAuth, soql: string): Promise<readonly Row[]> {
  const response = await salesforce.fetch(`${DATA}/query?${new URLSearchParams({ q: soql })}`)
  const refusal = await readRestError(response)
  if (refusal !== undefined) throw refusal
  const { records } = (await response.json()) as { records: readonly Row[] }
  return records
}

export async function update(salesforce: RequestAuth, record: string, fields: Row): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await salesforce.fetch(`${DATA}/sobjects/${record}`, {
    method: 'PATCH',
    headers,
    body: JSON.stringify(fields),
  })
  const refusal = await readRestError(response)
  if (refusal !== undefined) throw refusal
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
