import { approvalsOf, isPersonal } from '../authorization/approvals.ts'
import type { Place } from '../http/hosts.ts'
import { OAuthError } from '../http/oauth-error.ts'
import type { App, User } from '../state.ts'
import { orgOf, type World } from '../world.ts'
import { isAddressAllowed } from './address-ranges.ts'
import { type FlowName, mayUse } from './policies.ts'

/** What an app that is switched off, wholly or for one flow, answers. */
export function flowDisabled(): OAuthError {
  return new OAuthError('oauth_flow_disabled', 'The external client app or the OAuth plugin is disabled.')
}

export function notInstalled(): OAuthError {
  return new OAuthError('invalid_client', 'app must be installed into org')
}

const notApproved = 'user is not admin approved to access this app'

interface Use {
  app: App
  user: User
  address: string
}

/** Whether policy keeps a logged-in person from authorizing an app here; checked before the approval page. */
export function authorizeRefusal(world: World, { app, user, address }: Use, place: Place): OAuthError | undefined {
  if (orgOf(world, user).status === 'locked') {
    return new OAuthError('inactive_org', 'organization is locked, closed, or suspended')
  }
  if (app.blocked) return new OAuthError('OAUTH_APP_BLOCKED', 'this app is blocked by admin')
  if (app.distribution === 'local' && app.orgId !== user.orgId) {
    const description = 'Cross-org OAuth flows are not supported for this external client app'
    return new OAuthError('OAUTH_AUTHORIZATION_BLOCKED', description)
  }
  if (app.distribution === 'local' && !place.org) {
    return new OAuthError('OAUTH_EC_APP_NOT_FOUND', 'External client app is not installed in this org')
  }
  if (!isInstalledFor(world, { app, user })) return notInstalled()
  if (!mayUse(app, user)) return new OAuthError('OAUTH_APP_ACCESS_DENIED', notApproved)
  if (!isAddressAllowed(app.ipRanges, address)) {
    return new OAuthError('invalid_grant', 'ip restricted or invalid login hours')
  }
  return undefined
}

/** Uninstalled apps are for those who approved them earlier, or hold the permission. */
export function isInstalledFor(world: World, { app, user }: Pick<Use, 'app' | 'user'>): boolean {
  return app.installed || user.canApproveUninstalledApps || approvalsOf(world, user.id, app.clientId).some(isPersonal)
}

/** Comes before any proof is looked at. */
export function requireFlow(app: App, flow: FlowName): void {
  if (!app.flows[flow]) throw flowDisabled()
}

/** The same as `authorizeRefusal` at the token endpoint, where fewer things can change and the words differ. */
export function requireUse(world: World, { app, user, address }: Use): void {
  if (app.blocked) throw new OAuthError('app_blocked', 'this app is blocked by admin')
  requireLogin(world, user)
  if (!isAddressAllowed(app.ipRanges, address)) throw new OAuthError('invalid_grant', 'ip restricted')
  if (!isInstalledFor(world, { app, user })) throw notInstalled()
  if (!mayUse(app, user)) throw new OAuthError('invalid_app_access', notApproved)
}

/** What a login needs even where no app takes part. */
export function requireLogin(world: World, user: User): void {
  if (orgOf(world, user).status === 'locked') {
    throw new OAuthError('inactive_org', 'organization is locked, closed, or suspended')
  }
  if (!user.active) throw new OAuthError('invalid_grant', 'inactive user')
}
