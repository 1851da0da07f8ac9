import type { Connection } from '@orgpass/core'
import { ask } from './ask.ts'
import type { Report } from './report.ts'

const DATA = '/services/data/v64.0'

export interface Batch {
  readonly connection: Connection
  readonly report: Report
  readonly display: Display
  /** Ends the batch; what is done stays in the report. */
  readonly signal: AbortSignal
}

/** Shows how far the batch is. */
export interface Display {
  start(total: number, done: number): void
  advance(name: string): void
}

interface Account {
  readonly Id: string
  readonly Name: string
}

interface QueryPage<T> {
  readonly records: readonly T[]
  readonly totalSize: number
  readonly nextRecordsUrl?: string
}

/** Counts the contacts of every account that the report does not have yet. */
export async function countContacts({ connection, report, display, signal }: Batch): Promise<void> {
  const accounts = await queryAll<Account>(connection, 'SELECT Id, Name FROM Account ORDER BY Id', signal)
  const open = accounts.filter(({ Id }) => !report.has(Id))
  display.start(accounts.length, accounts.length - open.length)
  for (const { Id: id, Name: name } of open) {
    const soql = `SELECT COUNT() FROM Contact WHERE AccountId = '${id}'`
    const { totalSize: contacts } = (await ask(connection, queryPath(soql), signal)) as QueryPage<never>
    await report.add({ id, name, contacts })
    display.advance(name)
  }
}

async function queryAll<T>(connection: Connection, soql: string, signal: AbortSignal): Promise<readonly T[]> {
  const records: T[] = []
  const asked = new Set<string>()
  for (let path: string | undefined = queryPath(soql); path !== undefined;) {
    if (asked.has(path)) throw new Error('Salesforce named the same page of the accounts twice.')
    asked.add(path)
    const page = (await ask(connection, path, signal)) as QueryPage<T>
    records.push(...page.records)
    path = page.nextRecordsUrl
  }
  return records
}

function queryPath(soql: string): string {
  return `${DATA}/query?${new URLSearchParams({ q: soql }).toString()}`
}
