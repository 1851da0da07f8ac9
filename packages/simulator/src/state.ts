import type { AppPolicies } from './apps/policies.ts'
import type { Approval } from './authorization/approvals.ts'
import type { DeviceRequest } from './authorization/device-requests.ts'
import type { Frontdoor } from './browser/frontdoors.ts'
import type { BrowserSession } from './browser/sessions.ts'
import type { HeadlessSettings } from './headless/settings.ts'
import type { Verification } from './headless/verifications.ts'
import type { RecordStore } from './rest/record-store.ts'
import type { IdentityProvider } from './saml/identity-provider.ts'
import type { SeedSite } from './seed/seed.ts'
import type { AuthorizationCode, TokenRecord } from './tokens/tokens.ts'
import type { UserType } from './users/user-type.ts'

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
  /** Name of the profile. Default 'System Administrator' for an `admin`, else 'Standard User'. */
  profile: string
  /** API names of the permission sets assigned directly. Default none. */
  permissionSets: readonly string[]
  /** API names of the permission set groups assigned; `permissionSets` does not name their members. Default none. */
  permissionSetGroups: readonly string[]
  /** API names of the custom permissions held, by whatever profile or permission set. Default none. */
  customPermissions: readonly string[]
  /** As queries spell it. Default 'Standard', on a site 'CspLitePortal'. */
  userType: UserType
  /** Holds "View Setup and Configuration", which reading permission sets and assignments takes. Default true. */
  canViewSetup: boolean
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
  /** Since the start or the last reset. */
  tokensIssued: number
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

export function userName(user: User): string {
  return [user.firstName, user.lastName].filter(Boolean).join(' ')
}
