import { numberedId } from '../ids.ts'
import type { FieldValue, RecordFields } from '../rest/record-store.ts'
import type { User } from '../state.ts'
import type { SeedOrg, SeedRecord } from './seed.ts'

type Rows = Readonly<Record<string, readonly RecordFields[]>>

/** The org itself, its people and seeded records, with names replaced by the ids they stand for. */
export function recordSeed(org: SeedOrg, { id, users }: { id: string; users: readonly User[] }): Rows {
  const accounts = (org.records?.['Account'] ?? []).map((row, index) => ({ Id: numberedId('001', index + 1), ...row }))
  const idOfAccount = (name: FieldValue): string | undefined => accounts.find((row) => nameOf(row) === name)?.Id
  const idOfUser = (username: FieldValue): string | undefined => users.find((user) => user.username === username)?.id

  function resolve({ Account: account, Owner: owner, ...row }: SeedRecord): RecordFields {
    const accountId = account === undefined ? undefined : idOfAccount(account)
    const ownerId = owner === undefined ? undefined : idOfUser(owner)
    return { ...row, ...(accountId && { AccountId: accountId }), ...(ownerId && { OwnerId: ownerId }) }
  }

  const others = Object.entries(org.records ?? {}).filter(([type]) => type !== 'Account' && type !== 'User')
  return {
    Organization: [
      { Id: id, Name: org.name, OrganizationType: 'Enterprise Edition', IsSandbox: org.kind === 'sandbox' },
    ],
    User: users.map(userRecord),
    Account: accounts.map(resolve),
    ...Object.fromEntries(others.map(([type, rows]) => [type, rows.map(resolve)])),
  }
}

function nameOf(row: SeedRecord): FieldValue | undefined {
  return row['Name']
}

export function userRecord(user: User): RecordFields {
  return {
    Id: user.id,
    Username: user.username,
    FirstName: user.firstName,
    LastName: user.lastName,
    Email: user.email,
    Alias: user.username.slice(0, 8),
    IsActive: user.active,
    UserType: user.userType,
    TimeZoneSidKey: user.timezone,
    LocaleSidKey: user.locale,
    LanguageLocaleKey: user.language,
  }
}
