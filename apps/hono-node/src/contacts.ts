import { readRestError } from '@orgpass/core'
import type { RequestAuth } from '@orgpass/core'

const DATA = '/services/data/v64.0'
const FIELDS = 'Id, FirstName, LastName, Email, Account.Name'

export interface Contact {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly account: string | null
}

export interface NewContact {
  readonly firstName: string
  readonly lastName: string
  readonly email: string
}

interface Page {
  readonly records: readonly {
    readonly Id: string
    readonly FirstName: string | null
    readonly LastName: string
    readonly Email: string | null
    readonly Account: { readonly Name: string } | null
  }[]
  readonly nextRecordsUrl?: string
}

/** The first contacts by name. @throws {RestError} what Salesforce refuses, with a hint */
export async function listContacts(salesforce: RequestAuth, most: number): Promise<Contact[]> {
  const soql = `SELECT ${FIELDS} FROM Contact ORDER BY LastName, FirstName LIMIT ${most}`
  return (await query(salesforce, soql)).records.map(toContact)
}

/** All contacts, a page of Salesforce's at a time. The first page is there before this answers. */
export async function allContacts(salesforce: RequestAuth): Promise<AsyncIterable<Contact>> {
  const first = await query(salesforce, `SELECT ${FIELDS} FROM Contact ORDER BY Id`)
  return (async function* () {
    for (let page = first; ; page = await read(await salesforce.fetch(page.nextRecordsUrl))) {
      yield* page.records.map(toContact)
      if (page.nextRecordsUrl === undefined) return
    }
  })()
}

/** @throws {RestError} */
export async function addContact(salesforce: RequestAuth, { firstName, lastName, email }: NewContact): Promise<string> {
  const response = await salesforce.fetch(`${DATA}/sobjects/Contact`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ FirstName: firstName, LastName: lastName, ...(email !== '' && { Email: email }) }),
  })
  return (await read<{ id: string }>(response)).id
}

async function query(salesforce: RequestAuth, soql: string): Promise<Page> {
  return read(await salesforce.fetch(`${DATA}/query?${new URLSearchParams({ q: soql }).toString()}`))
}

async function read<T>(response: Response): Promise<T> {
  const refused = await readRestError(response)
  if (refused !== undefined) throw refused
  return (await response.json()) as T
}

function toContact({ Id, FirstName, LastName, Email, Account }: Page['records'][number]): Contact {
  const name = FirstName === null ? LastName : `${FirstName} ${LastName}`
  return { id: Id, name, email: Email, account: Account?.Name ?? null }
}
