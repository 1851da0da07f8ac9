import { BadRequestException, Injectable } from '@nestjs/common'
import { toId18 } from '@orgpass/core'
import type { RequestAuth } from '@orgpass/core'
import type { Account, Book, Colleague, HandedOver, Handover } from './models.ts'
import { query, text, update } from './salesforce-records.ts'
import type { Row } from './salesforce-records.ts'

const MOST = 25

/** Everything is done as the person who asks: what they may not do, Salesforce refuses. */
@Injectable()
export class AccountsService {
  /** The accounts that the person owns. */
  async mine(salesforce: RequestAuth): Promise<Account[]> {
    return (await this.#owned(salesforce)).map(toAccount)
  }

  /** Everybody else who can own accounts. */
  async colleagues(salesforce: RequestAuth): Promise<Colleague[]> {
    const users = await query(salesforce, 'SELECT Id, Name FROM User WHERE IsActive = true ORDER BY Name LIMIT 200')
    const session = await salesforce.session()
    return users
      .map((user) => ({ id: text(user['Id']), name: text(user['Name']) }))
      .filter(({ id }) => id !== session?.userId)
  }

  /** How many accounts each person looks after. */
  async books(salesforce: RequestAuth): Promise<Book[]> {
    const accounts = await query(salesforce, 'SELECT Id, Owner.Name FROM Account LIMIT 2000')
    const counts = new Map<string, number>()
    for (const account of accounts) {
      const owner = text((account['Owner'] as Row | null)?.['Name'])
      counts.set(owner, (counts.get(owner) ?? 0) + 1)
    }
    const books = Array.from(counts, ([owner, count]) => ({ owner, accounts: count }))
    return books.toSorted((a, b) => b.accounts - a.accounts)
  }

  /** Gives accounts of the person to a colleague, all of them or, when one is not theirs, none. */
  async handOver(salesforce: RequestAuth, { to, accounts }: Handover): Promise<HandedOver> {
    const ids = checkIds(accounts, '001')
    const [colleague = ''] = checkIds([to], '005')
    const owned = new Map((await this.#owned(salesforce)).map((row) => [text(row['Id']), row]))
    const rows = ids.map((id) => owned.get(id)).filter((row) => row !== undefined)
    if (rows.length < ids.length) throw new BadRequestException('You can hand over only accounts of your own.')
    for (const id of ids) await update(salesforce, `Account/${id}`, { OwnerId: colleague })
    return { accounts: rows.map(toAccount) }
  }

  async #owned(salesforce: RequestAuth): Promise<readonly Row[]> {
    const owner = (await salesforce.session())?.userId ?? ''
    const soql = `SELECT Id, Name, BillingCity FROM Account WHERE OwnerId = '${owner}' ORDER BY Name LIMIT 2000`
    return query(salesforce, soql)
  }
}

function toAccount(row: Row): Account {
  return { id: text(row['Id']), name: text(row['Name']), city: text(row['BillingCity']) }
}

/** What a stranger's JSON calls ids, as 18-character ids of one kind of record. */
function checkIds(values: unknown, prefix: string): string[] {
  const ids = Array.isArray(values) ? values.map((value) => toId18(String(value))) : []
  const good = ids.filter((id) => id !== undefined).filter((id) => id.startsWith(prefix))
  if (good.length === ids.length && good.length > 0 && good.length <= MOST) return [...new Set(good)]
  throw new BadRequestException(`Give 1 to ${MOST} ids of Salesforce that begin with ${prefix}.`)
}
