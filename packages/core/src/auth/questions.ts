import { GuardError } from '../errors/errors.ts'
import type { Members } from '../oauth/answer.ts'
import { toId18 } from '../org/ids.ts'
import { askJson } from '../resources/ask-json.ts'
import type { AuthorizedFetch } from '../resources/ask-json.ts'
import type { UserProfile } from '../resources/profile.ts'
import { coversScope } from './scopes.ts'

/** The ways to ask Salesforce with a caller's own token. */
export interface FactService {
  /** Takes paths on the caller's own instance or issuer. */
  readonly fetch: AuthorizedFetch
  /** Describes the caller, and nobody else. */
  readonly userinfo: () => Promise<UserProfile>
}

/** Whose facts are asked for. */
export interface FactSource extends FactService {
  readonly orgId: string
  readonly userId: string
  /** What the token was granted; empty when nobody said. */
  readonly scope: readonly string[]
  /** Epoch milliseconds. */
  readonly now: number
  /** How long one question may take. Milliseconds. */
  readonly timeout: number
}

/** One thing that Salesforce can be asked about an org or a user. */
export interface Question<T> {
  readonly name: string
  readonly about: 'org' | 'user' | 'user of an app'
  /** The scope without which Salesforce does not answer. */
  readonly scope?: string
  /** What helps when Salesforce refuses to answer. */
  readonly hint: string
  readonly ask: (source: FactSource) => Promise<T>
}

const QUERY = '/services/data/v64.0/query?q='

export const IS_SANDBOX: Question<boolean> = {
  name: 'kind of org',
  about: 'org',
  scope: 'api',
  hint: 'The user needs the permission API Enabled.',
  async ask(source) {
    const [org] = await query(source, 'SELECT Id, IsSandbox FROM Organization')
    const isSandbox = org?.['IsSandbox']
    if (typeof isSandbox !== 'boolean' || toId18(String(org?.['Id'])) !== source.orgId) throw unexpected()
    return isSandbox
  },
}

export const PROFILE: Question<string> = {
  name: 'profile',
  about: 'user',
  scope: 'api',
  hint: 'The user needs the permission API Enabled. People of a site cannot read profiles: use requiresUserType for them.',
  async ask(source) {
    const [user] = await query(source, `SELECT Profile.Name FROM User WHERE Id = ${literal(source.userId)}`)
    const name = isMembers(user?.['Profile']) ? user['Profile']['Name'] : undefined
    if (typeof name !== 'string') throw unexpected()
    return name
  },
}

export const PERMISSION_SETS: Question<ReadonlySet<string>> = {
  name: 'permission sets',
  about: 'user',
  scope: 'api',
  hint: 'Only users with "View Setup and Configuration" may read assignments, their own included. For all others put a custom permission into the set and use requiresCustomPermission.',
  async ask(source) {
    const now = new Date(source.now).toISOString().replace(/\.\d+/, '')
    const assignments = await query(
      source,
      'SELECT PermissionSet.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment ' +
        `WHERE AssigneeId = ${literal(source.userId)} AND PermissionSet.IsOwnedByProfile = false AND IsActive = true ` +
        `AND (ExpirationDate = null OR ExpirationDate > ${now})`,
    )
    return new Set(assignments.map(assignedName))
  },
}

export const CUSTOM_PERMISSIONS: Question<ReadonlySet<string>> = {
  name: 'custom permissions',
  about: 'user of an app',
  scope: 'custom_permissions',
  hint: 'Userinfo needs one of the scopes openid, id and api as well.',
  async ask(source) {
    const held = (await source.userinfo()).raw['custom_permissions']
    if (held === undefined && coversScope(source.scope, 'custom_permissions')) return new Set()
    if (!isMembers(held)) throw unexpected()
    return new Set(Object.keys(held).filter((name) => isHeld(held[name])))
  },
}

export const USER_TYPE: Question<string> = {
  name: 'user type',
  about: 'user',
  hint: 'Userinfo needs one of the scopes openid, id and api.',
  async ask(source) {
    const { userType } = await source.userinfo()
    if (userType === undefined) throw unexpected()
    return userType
  },
}

async function query({ fetch, timeout }: FactSource, soql: string): Promise<readonly Members[]> {
  const { members = {} } = await askJson(fetch, QUERY + encodeURIComponent(soql), { timeout })
  const { records, done } = members
  // Half a list would make a denial out of what was left out.
  if (!Array.isArray(records) || !records.every(isMembers) || done === false) throw unexpected()
  return records
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Nothing but a record id ever gets into a query. */
function literal(id: string): string {
  if (toId18(id) !== id) throw unexpected()
  return `'${id}'`
}

/** A group is assigned in the place of its members: what counts is its own name. */
function assignedName({ PermissionSet: set, PermissionSetGroup: group }: Members): string {
  const name = isMembers(group) ? group['DeveloperName'] : isMembers(set) ? set['Name'] : undefined
  if (typeof name !== 'string') throw unexpected()
  return name
}

/** The help does not say how a held permission is marked: by true, or by its id. Nothing else counts. */
function isHeld(value: unknown): boolean {
  return value === true || value === 'true' || (typeof value === 'string' && /^0CP[A-Za-z0-9]{12,15}$/.test(value))
}

function unexpected(): GuardError {
  return new GuardError('guard/fact-refused', 'Salesforce answered without what a guard has to know.', {
    hint: 'The user may not read it, or something other than Salesforce answers there.',
  })
}
