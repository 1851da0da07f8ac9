import type { RequestAuth } from '@orgpass/core'
import { containing } from './soql.ts'

const DATA = '/services/data/v64.0'
const MOST = 50

export interface Account {
  readonly id: string
  readonly name: string
  readonly industry: string
  readonly place: string
  readonly phone: string
}

export interface AccountList {
  readonly accounts: readonly Account[]
  /** Whether there are more than these. */
  readonly more: boolean
}

/** Salesforce said no to a call, with a live token: in its words, for the person who asked. */
export interface Refusal {
  /** HTTP status. */
  readonly status: number
  readonly refusal: string
}

/** The first accounts by name, of those whose name contains the search text. */
export async function listAccounts(salesforce: RequestAuth, search: string): Promise<AccountList | Refusal> {
  const where = search === '' ? '' : ` WHERE Name LIKE ${containing(search)}`
  const soql = `SELECT Id, Name, Industry, BillingCity, BillingCountry, Phone FROM Account${where} ORDER BY Name LIMIT ${MOST + 1}`
  const response = await salesforce.fetch(`${DATA}/query?${new URLSearchParams({ q: soql }).toString()}`)
  if (!response.ok) return readRefusal(response)
  const { records } = (await response.json()) as { records: readonly Record<string, string | null>[] }
  return { accounts: records.slice(0, MOST).map(toAccount), more: records.length > MOST }
}

/** Gives an account another name. */
export async function renameAccount(
  salesforce: RequestAuth,
  { id, name }: Pick<Account, 'id' | 'name'>,
): Promise<Refusal | undefined> {
  const response = await salesforce.fetch(`${DATA}/sobjects/Account/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ Name: name }),
  })
  return response.ok ? undefined : readRefusal(response)
}

function toAccount(record: Readonly<Record<string, string | null>>): Account {
  const text = (field: string): string => record[field] ?? ''
  const place = [text('BillingCity'), text('BillingCountry')].filter(Boolean).join(', ')
  return { id: text('Id'), name: text('Name'), industry: text('Industry'), place, phone: text('Phone') }
}

/** REST errors are a list; proxies and maintenance pages answer anything. */
async function readRefusal(response: Response): Promise<Refusal> {
  const status = response.status >= 400 && response.status < 500 ? response.status : 502
  const body = await response.text()
  try {
    const [first] = JSON.parse(body) as { message: string; errorCode: string }[]
    if (first !== undefined) return { status, refusal: `Salesforce says: ${first.message} (${first.errorCode})` }
  } catch {
    // Not the API's own answer: the status is all there is to tell.
  }
  return { status, refusal: `Salesforce answered with status ${response.status}. Try again in a minute.` }
}
