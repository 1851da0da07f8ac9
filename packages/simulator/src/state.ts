import { randomBytes } from 'node:crypto'
import type { Approval } from './approvals.ts'
import type { BrowserSession } from './browser-sessions.ts'
import type { DeviceRequest } from './device-requests.ts'
import type { Frontdoor } from './frontdoors.ts'
import { defaultHeadless, type HeadlessSettings } from './headless-settings.ts'
import { newConsumerKey, newConsumerSecret, numberedId, to18 } from './ids.ts'
import { type AppPolicies, defaultPolicies } from './policies.ts'
import { recordSeed } from './record-seed.ts'
import { createRecordStore, type RecordStore } from './rest/record-store.ts'
import type { IdentityProvider } from './saml/identity-provider.ts'
import type { Seed, SeedApp, SeedOrg, SeedSite, SeedUser } from './seed.ts'
import type { AuthorizationCode, TokenRecord } from './tokens.ts'
import type { Verification } from './verifications.ts'

export interface Site extends SeedSite {
  id: string
  headless: HeadlessSettings
}

/** What `updateOrg` can change. Durations are milliseconds. */
export interface OrgFields {
  /** Default 'active'; anybody who logs in to a locked org is refused. */
  status: 'active' | 'locked'
  /** Demands PKCE from every app. Default false. */
  pkceRequired: boolean
  /** Life of an unused access token: 15 minutes to 24 hours, default 2 hours. */
  sessionTimeout: number
  /** Default true; false answers every REST call with API_DISABLED_FOR_ORG. */
  apiEnabled: boolean
  /** Which issuer ID tokens name after a login on the generic host. Default 'myDomain'. */
  issuerOnLoginHost: 'myDomain' | 'loginHost'
  /** Addresses from which a password needs no security token; written like an app's `ipRanges`. Default none. */
  trustedIpRanges: readonly string[]
  /** Logins of one user within an hour; the next is refused. Default 3,600. */
  loginsPerHour: number
  /** "Allow OAuth Username-Password Flows" is off, as in every org since Summer '23. Default true. */
  usernamePasswordFlowBlocked: boolean
  /** "Allow OAuth User-Agent Flows" is off. Default false. */
  userAgentFlowBlocked: boolean
  /** Where the user-agent flow's errors stand: documentation says 'fragment' (default), some have seen 'query'. */
  userAgentErrors: 'fragment' | 'query'
  /** Audiences a JWT may name: the documented generic hosts and sites, with (default) or without the My Domain. */
  jwtAudience: 'anyOwnHost' | 'noMyDomain'
  /** How far ahead a JWT's `exp` may lie; null (default) sets no limit. Documentation once said 3, then 5 minutes. */
  jwtMaxLifetime: number | null
  /** What a SAML bearer assertion names as audience: the host, the token endpoint, or either (default). */
  samlAudience: 'either' | 'host' | 'tokenEndpoint'
  /** Whether a SAML bearer assertion must name the token endpoint as recipient (default) or may name none. */
  samlRecipient: 'required' | 'optional'
  /** Whether a SAML assertion works once, or until it ends (default); documentation does not say. */
  samlReplay: 'refused' | 'allowed'
  /** Whose SAML responses the org takes; null (default) for none. */
  identityProvider: IdentityProvider | null
  /** Where a browser goes after a logout; null (default) for the login page. */
  logoutUrl: string | null
}

export interface Org extends OrgFields {
  id: string
  name: string
  kind: 'production' | 'sandbox'
  myDomain: string
  sites: readonly Site[]
  records: RecordStore
}

/** What `updateUser` can change. */
export interface UserFields {
  password: string
  firstName: string
  lastName: string
  email: string
  profile: string
  permissionSets: readonly string[]
  admin: boolean
  active: boolean
  canEditRecords: boolean
  canApproveUninstalledApps: boolean
  securityToken: string
}

export interface User extends UserFields {
  id: string
  username: string
  orgId: string
  /** The site an external user belongs to. */
  site?: string
  language: string
  locale: string
  timezone: string
  modifiedAt: number
}

export interface App extends AppPolicies {
  label: string
  clientId: string
  /** The org that owns it. */
  orgId: string
  /** The app that registered it. */
  parentClientId?: string
}

/** Everything that happens after the start; made anew by a reset. */
export interface State {
  orgs: Org[]
  users: User[]
  apps: App[]
  approvals: Approval[]
  codes: Map<string, AuthorizationCode>
  tokens: Map<string, TokenRecord>
  tokensByApproval: Map<string, TokenRecord[]>
  /** Refresh tokens being spent right now. */
  inFlight: Set<string>
  sessions: Map<string, BrowserSession>
  /** By device code. */
  devices: Map<string, DeviceRequest>
  /** When each user logged in within the last hour, by user id. */
  logins: Map<string, number[]>
  /** Ids of assertions that named one, with the moment from which they cannot be replayed anyway. */
  assertionIds: Map<string, number>
  /** One-time codes, oldest first. */
  verifications: Verification[]
  /** Paths to open in a browser, by what opens them once. */
  frontdoors: Map<string, Frontdoor>
  /** Proofs seen, by their ids, with the moment from which they are too old anyway. */
  proofIds: Map<string, number>
  /** Signs the form tokens. */
  formSecret: Buffer
}

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
    records: createRecordStore({ records: recordSeed(org, users), now }),
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

function createApp({ org: owner, ...app }: SeedApp, orgs: readonly Org[]): App {
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

export function userName(user: User): string {
  return [user.firstName, user.lastName].filter(Boolean).join(' ')
}
