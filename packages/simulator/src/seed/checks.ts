import { type Callbacks, defaultPolicies, lacksCallback } from '../apps/policies.ts'
import { to18 } from '../ids.ts'
import { myDomainOf } from './create-state.ts'
import { defaultSeed } from './default-seed.ts'
import { recordFaults } from './record-checks.ts'
import type { Seed, SeedApp, SeedFault, SeedOrg } from './seed.ts'

/** Faults between parts of a well-formed seed, and between it and the default one. */
export function crossCheck(seed: Seed): SeedFault[] {
  const base: Seed = seed.defaults === false ? {} : defaultSeed
  const { orgs = [], apps = [] } = seed
  const others = base.orgs ?? []
  const otherApps = base.apps ?? []
  if (orgs.length + others.length === 0) {
    const hint = 'Add an org, or leave "defaults" out to keep the default one.'
    return [{ path: 'orgs', problem: 'has no org', hint }]
  }
  const allOrgs = [...others, ...orgs]
  const owner = 'Name the org that owns the app, or leave it out for the first.'
  return [
    ...repeats(orgs, { member: 'name', list: 'orgs', taken: others, of: (org) => org.name }),
    ...repeats(orgs, { member: 'myDomain', list: 'orgs', taken: others, of: myDomainOf }),
    ...repeats(orgs, { member: 'id', list: 'orgs', taken: others, of: (org) => org.id && to18(org.id) }),
    ...repeatedUsers(orgs, others),
    ...repeats(apps, { member: 'label', list: 'apps', taken: otherApps, of: (app) => app.label }),
    ...repeats(apps, { member: 'clientId', list: 'apps', taken: otherApps, of: (app) => app.clientId }),
    ...apps.flatMap((app, index) =>
      app.org === undefined || allOrgs.some(({ name }) => name === app.org)
        ? []
        : [unknown(`apps[${index}].org`, 'org', owner)],
    ),
    ...apps.flatMap((app, index) => callbackFaults(withDefaults(app), `apps[${index}]`)),
    ...unknownRunAs(apps, allOrgs),
    ...orgs.flatMap((org, index) => orgFaults(org, `orgs[${index}]`)),
  ]
}

interface Uniqueness<T> {
  member: string
  list: string
  taken: readonly T[]
  of: (one: T) => string | undefined
}

function repeats<T>(entries: readonly T[], { member, list, taken, of }: Uniqueness<T>): SeedFault[] {
  const seen = new Set(taken.map(of))
  return entries.flatMap((entry, index) => {
    const value = of(entry)
    if (value === undefined || !seen.has(value)) {
      seen.add(value)
      return []
    }
    return [repeated(`${list}[${index}].${member}`)]
  })
}

function repeated(path: string): SeedFault {
  return {
    path,
    problem: 'is taken already',
    hint: 'Choose another, or set "defaults" to false to drop the default org and app.',
  }
}

function unknown(path: string, what: string, hint: string): SeedFault {
  return { path, problem: `names an unknown ${what}`, hint }
}

function unknownRunAs(apps: readonly SeedApp[], orgs: readonly SeedOrg[]): SeedFault[] {
  const hint = "Write the username of a user of the app's own org."
  return apps.flatMap(({ runAs, org }, index) => {
    const owner = org === undefined ? orgs[0] : orgs.find(({ name }) => name === org)
    const isKnown = runAs === undefined || runAs === null || owner?.users.some(({ username }) => username === runAs)
    return isKnown ? [] : [unknown(`apps[${index}].runAs`, 'user', hint)]
  })
}

/** Nobody could come back to an app that knows no callback. */
export function callbackFaults(app: Callbacks, path: string): SeedFault[] {
  if (!lacksCallback(app)) return []
  const hint =
    'List one: ["http://localhost:3000/auth/callback"]; or switch off the flows that need it: {"flows": {"webServer": false, "userAgent": false}}.'
  return [{ path: `${path}.callbackUrls`, problem: 'is missing', hint }]
}

function withDefaults({ flows, ...app }: SeedApp): Callbacks {
  return { ...defaultPolicies, ...app, flows: { ...defaultPolicies.flows, ...flows } }
}

/** Usernames and ids are unique across all orgs, as they are across all of Salesforce. */
function repeatedUsers(orgs: readonly SeedOrg[], others: readonly SeedOrg[]): SeedFault[] {
  const seen = new Set(others.flatMap(({ users }) => users.map((user) => user.username.toLowerCase())))
  const check = (value: string | undefined, path: string): SeedFault[] => {
    if (value === undefined) return []
    if (seen.has(value)) return [repeated(path)]
    seen.add(value)
    return []
  }
  return orgs.flatMap((org, index) =>
    org.users.flatMap((user, number) => [
      ...check(user.username.toLowerCase(), `orgs[${index}].users[${number}].username`),
      ...check(user.id && to18(user.id), `orgs[${index}].users[${number}].id`),
    ]),
  )
}

function orgFaults(org: SeedOrg, path: string): SeedFault[] {
  const { sites = [], users } = org
  const isSandboxName = org.myDomain?.includes('--') === true
  const isMisnamed = org.myDomain !== undefined && isSandboxName !== (org.kind === 'sandbox')
  const sandboxHint = 'A sandbox is `domain--sandbox`; a production org has no double hyphen.'
  return [
    ...(isMisnamed ? [{ path: `${path}.myDomain`, problem: 'does not suit the kind of org', hint: sandboxHint }] : []),
    ...repeats(sites, { member: 'path', list: `${path}.sites`, taken: [], of: (site) => site.path }),
    ...users.flatMap((user, index) =>
      user.site === undefined || sites.some((site) => site.path === user.site)
        ? []
        : [unknown(`${path}.users[${index}].site`, 'site', "Write the path of one of the org's sites.")],
    ),
    ...recordFaults(org, `${path}.records`),
  ]
}
