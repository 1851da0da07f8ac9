import { randomBytes } from 'node:crypto'
import { defaultPolicies } from '../apps/policies.ts'
import { defaultHeadless } from '../headless/settings.ts'
import { newConsumerKey, newConsumerSecret, numberedId, to18 } from '../ids.ts'
import { createRecordStore } from '../rest/record-store.ts'
import type { App, Org, State, User } from '../state.ts'
import { recordAccess } from '../users/record-access.ts'
import { recordSeed } from './record-seed.ts'
import type { Seed, SeedApp, SeedOrg, SeedUser } from './seed.ts'

const hour = 3_600_000

export function createState(seed: Seed, now: () => number): State {
  const seededOrgs = seed.orgs ?? []
  let userCount = 0
  const users = seededOrgs.map((org, index) =>
    org.users.map((user) => createUser(user, { orgId: orgId(org, index), number: ++userCount, now })),
  )
  const orgs = seededOrgs.map((org, index) => createOrg(org, { index, users: users[index] ?? [], now }))
  return {
    orgs,
    users: users.flat(),
    apps: (seed.apps ?? []).map((app) => createApp(app, orgs)),
    approvals: [],
    codes: new Map(),
    tokens: new Map(),
    tokensIssued: 0,
    tokensByApproval: new Map(),
    inFlight: new Set(),
    sessions: new Map(),
    devices: new Map(),
    logins: new Map(),
    assertionIds: new Map(),
    verifications: [],
    frontdoors: new Map(),
    proofIds: new Map(),
    formSecret: randomBytes(32),
  }
}

function orgId(org: SeedOrg, index: number): string {
  return to18(org.id ?? numberedId('00D', index + 1))
}

function createOrg(org: SeedOrg, options: { index: number; users: readonly User[]; now: () => number }): Org {
  const { index, users, now } = options
  const records = createRecordStore({ records: recordSeed(org, { id: orgId(org, index), users }), now })
  for (const user of users) recordAccess(records, user)
  return {
    id: orgId(org, index),
    name: org.name,
    kind: org.kind ?? 'production',
    myDomain: myDomainOf(org),
    status: org.status ?? 'active',
    pkceRequired: org.pkceRequired ?? false,
    sessionTimeout: org.sessionTimeout ?? 2 * hour,
    apiEnabled: org.apiEnabled ?? true,
    issuerOnLoginHost: org.issuerOnLoginHost ?? 'myDomain',
    trustedIpRanges: org.trustedIpRanges ?? [],
    loginsPerHour: org.loginsPerHour ?? 3600,
    usernamePasswordFlowBlocked: org.usernamePasswordFlowBlocked ?? true,
    userAgentFlowBlocked: org.userAgentFlowBlocked ?? false,
    userAgentErrors: org.userAgentErrors ?? 'fragment',
    jwtAudience: org.jwtAudience ?? 'anyOwnHost',
    jwtMaxLifetime: org.jwtMaxLifetime ?? null,
    samlAudience: org.samlAudience ?? 'either',
    samlRecipient: org.samlRecipient ?? 'required',
    samlReplay: org.samlReplay ?? 'allowed',
    identityProvider: org.identityProvider ?? null,
    logoutUrl: org.logoutUrl ?? null,
    sites: (org.sites ?? []).map((site, number) => ({
      ...site,
      id: numberedId('0DB', index * 100 + number + 1),
      headless: { ...defaultHeadless, ...site.headless },
    })),
    records,
  }
}

export function myDomainOf(org: SeedOrg): string {
  const word =
    org.name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, ' ')
      .trim()
      .replaceAll(' ', '-') || 'org'
  return org.myDomain ?? (org.kind === 'sandbox' ? `${word}--sandbox` : word)
}

export function createUser(user: SeedUser, options: { orgId: string; number: number; now: () => number }): User {
  const [namePart = 'user'] = user.username.split('@')
  return {
    id: to18(user.id ?? numberedId('005', options.number)),
    username: user.username,
    orgId: options.orgId,
    password: user.password ?? 'simulator',
    firstName: user.firstName ?? '',
    lastName: user.lastName ?? namePart,
    email: user.email ?? user.username,
    profile: user.profile ?? (user.admin ? 'System Administrator' : 'Standard User'),
    permissionSets: user.permissionSets ?? [],
    permissionSetGroups: user.permissionSetGroups ?? [],
    customPermissions: user.customPermissions ?? [],
    userType: user.userType ?? (user.site === undefined ? 'Standard' : 'CspLitePortal'),
    canViewSetup: user.canViewSetup ?? true,
    admin: user.admin ?? false,
    active: user.active ?? true,
    canEditRecords: user.canEditRecords ?? true,
    canApproveUninstalledApps: user.canApproveUninstalledApps ?? user.admin ?? false,
    securityToken: user.securityToken ?? 'SecurityTokenSimulator24',
    language: user.language ?? 'en_US',
    locale: user.locale ?? 'en_US',
    timezone: user.timezone ?? 'America/Los_Angeles',
    modifiedAt: options.now(),
    ...(user.site !== undefined && { site: user.site }),
  }
}

export function createApp({ org: owner, ...app }: SeedApp, orgs: readonly Org[]): App {
  const org = owner === undefined ? orgs[0] : orgs.find(({ name }) => name === owner)
  return {
    ...defaultPolicies,
    clientId: newConsumerKey(),
    clientSecret: newConsumerSecret(),
    ...app,
    flows: { ...defaultPolicies.flows, ...app.flows },
    orgId: org?.id ?? '',
  }
}
