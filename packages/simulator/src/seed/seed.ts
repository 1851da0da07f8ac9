import type { AppPolicies, FlowName } from '../apps/policies.ts'
import type { HeadlessSettings } from '../headless/settings.ts'
import type { OrgFields } from '../state.ts'
import type { UserType } from '../users/user-type.ts'

/** What the simulator starts with: plain JSON. Orgs and apps are added to the default ones unless `defaults` is false. */
export interface Seed {
  /** Keeps the default org "Acme" and the app "Orgpass sample". Default true. */
  defaults?: boolean
  orgs?: readonly SeedOrg[]
  apps?: readonly SeedApp[]
}

export interface SeedOrg extends Partial<OrgFields> {
  name: string
  /** 15 or 18 characters beginning 00D; made up when absent. */
  id?: string
  /** Default 'production'. A sandbox logs in on its own generic host, and its Organization record says so. */
  kind?: 'production' | 'sandbox'
  /** Default: the name in lower case. Sandboxes are `domain--sandbox`. */
  myDomain?: string
  /** Experience Cloud sites, each under a path of the org's own host. */
  sites?: readonly SeedSite[]
  users: readonly SeedUser[]
  /** Records by object name. A contact names its account in `Account`; any record its owner's username in `Owner`. */
  records?: Readonly<Record<string, readonly SeedRecord[]>>
}

export interface SeedSite {
  name: string
  /** One path segment, without slashes. */
  path: string
  /** What it offers to apps with login pages of their own. Default everything, to everybody. */
  headless?: Readonly<Partial<HeadlessSettings>>
}

export type SeedRecord = Readonly<Record<string, string | number | boolean | null>>

export interface SeedUser {
  username: string
  /** 15 or 18 characters beginning 005; made up when absent. */
  id?: string
  /** Default 'simulator'. */
  password?: string
  firstName?: string
  lastName?: string
  /** Default: the username. */
  email?: string
  /** Name of the profile. Default 'System Administrator' for an `admin`, else 'Standard User'. */
  profile?: string
  /** API names of the permission sets assigned directly. Default none. */
  permissionSets?: readonly string[]
  /** API names of the permission set groups assigned; `permissionSets` does not name their members. Default none. */
  permissionSetGroups?: readonly string[]
  /** API names of the custom permissions held, by whatever profile or permission set. Default none. */
  customPermissions?: readonly string[]
  /** As queries spell it. Default 'Standard', on a site 'CspLitePortal'. */
  userType?: UserType
  /** Holds "View Setup and Configuration", which reading permission sets and assignments takes. Default true. */
  canViewSetup?: boolean
  admin?: boolean
  active?: boolean
  /** False answers 403 to every write of records. Default true. */
  canEditRecords?: boolean
  /** Holds "Approve Uninstalled Connected Apps". Default: `admin`. */
  canApproveUninstalledApps?: boolean
  /** Follows the password at the username-password flow; empty for users who have none. Default 'SecurityTokenSimulator24'. */
  securityToken?: string
  /** Makes an external user, who can only log in on the site with this path. */
  site?: string
  language?: string
  locale?: string
  timezone?: string
}

/** Some policies of an app; flows that are left out stay as they are. */
export interface AppChanges extends Partial<Omit<AppPolicies, 'flows'>> {
  flows?: Readonly<Partial<Record<FlowName, boolean>>>
}

export interface SeedApp extends AppChanges {
  label: string
  /** Name of the org that owns the app; default the first. */
  org?: string
  /** Made up when absent. */
  clientId?: string
}

export interface SeedFault {
  /** JSON path, for example `orgs[0].users[1].username`. */
  path: string
  problem: string
  hint: string
}

/** Every fault of a seed at once. */
export class SeedError extends Error {
  readonly faults: readonly SeedFault[]

  constructor(faults: readonly SeedFault[]) {
    const lines = faults.map(({ path, problem, hint }) => `  ${path}: ${problem}. ${hint}`)
    super(`The seed has ${faults.length === 1 ? 'one fault' : `${faults.length} faults`}:\n${lines.join('\n')}`)
    this.name = 'SeedError'
    this.faults = faults
  }
}
