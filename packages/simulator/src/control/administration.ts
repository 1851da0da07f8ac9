import { endApprovals } from '../authorization/approvals.ts'
import { callbackFaults } from '../seed/checks.ts'
import { parseAppChanges, parseOrgChanges, parseUserChanges } from '../seed/parse-seed.ts'
import { userRecord } from '../seed/record-seed.ts'
import { type AppChanges, SeedError } from '../seed/seed.ts'
import type { App, Org, OrgFields, User, UserFields } from '../state.ts'
import { expireAccessTokens } from '../tokens/tokens.ts'
import { recordAccess } from '../users/record-access.ts'
import { orgOf, type World } from '../world.ts'

/** What an administrator does in Setup; tests do it by code, people through the control endpoints. */
export function updateApp(world: World, key: string, given: AppChanges): void {
  const app = requireApp(world, key)
  const parsed = parseAppChanges(given)
  const changes = { ...parsed, flows: { ...app.flows, ...parsed.flows } }
  const faults = callbackFaults({ ...app, ...changes }, 'app')
  if (faults.length > 0) throw new SeedError(faults)
  const hasNewSecret = changes.clientSecret !== undefined && changes.clientSecret !== app.clientSecret
  if (hasNewSecret) endApprovals(world, (approval) => approval.clientId === app.clientId)
  Object.assign(app, changes)
}

export function updateUser(world: World, username: string, given: Partial<UserFields>): void {
  const user = requireUser(world, username)
  const { records } = orgOf(world, user)
  const before = userRecord(user)
  Object.assign(user, parseUserChanges(given), { modifiedAt: world.clock.now() })
  const changed = Object.entries(userRecord(user)).filter(([name, value]) => before[name] !== value)
  records.update('User', user.id, { fields: Object.fromEntries(changed), by: user.id })
  recordAccess(records, user)
}

export function updateOrg(world: World, key: string, given: Partial<OrgFields>): void {
  Object.assign(requireOrg(world, key), parseOrgChanges(given))
}

export async function moveInstance(world: World, orgNameOrId: string | undefined): Promise<string> {
  const org = requireOrg(world, orgNameOrId)
  const origin = await world.openInstance(org)
  world.hosts.moveInstance(org.id, origin)
  return origin
}

/** Ends sessions now, of one user or of all; refresh tokens live. */
export function endSessions(world: World, username: string | undefined): void {
  if (username !== undefined) requireUser(world, username)
  expireAccessTokens(world, username)
}

export function reset(world: World): void {
  world.clock.reset()
  world.faults.clear()
  world.log.clear()
  world.hosts.reset()
  world.state = world.freshState()
}

export function requireOrg({ state: { orgs } }: World, key: string | undefined): Org {
  const org = key === undefined ? orgs[0] : orgs.find(({ id, name }) => id === key || name === key)
  const known = orgs.map(({ name }) => name)
  if (!org) throw unknown('org', key, known)
  return org
}

export function requireApp({ state: { apps } }: World, key: string | undefined): App {
  const app = key === undefined ? apps[0] : apps.find(({ label, clientId }) => label === key || clientId === key)
  const known = apps.map(({ label }) => label)
  if (!app) throw unknown('app', key, known)
  return app
}

export function requireUser({ state: { users } }: World, username: string): User {
  const user = users.find((one) => one.username === username)
  const known = users.map((one) => one.username)
  if (!user) throw unknown('user', username, known)
  return user
}

function unknown(what: string, key: string | undefined, known: readonly string[]): RangeError {
  const asked = key === undefined ? `There is no ${what}.` : `There is no ${what} "${key}".`
  return new RangeError(`${asked} Seeded: ${known.join(', ') || 'none'}.`)
}
