import type { Place } from '../http/hosts.ts'
import { OAuthError } from '../http/oauth-error.ts'
import type { App, User } from '../state.ts'
import { isOffline } from '../tokens/scopes.ts'
import { orgOf, serves, type World } from '../world.ts'
import { type Approval, approvalsOf, isPersonal, standingApproval } from './approvals.ts'

export function notApproved(): OAuthError {
  return new OAuthError('invalid_grant', "user hasn't approved this consumer")
}

/** Usernames are compared exactly, and have to belong to every place: where the request came, whom it names. */
export function requireSubject(world: World, places: readonly Place[], username: string | undefined): User {
  const user = world.state.users.find((one) => one.username === username)
  const belongs = (place: Place): boolean => user !== undefined && serves(place, orgOf(world, user))
  if (!user || !places.every(belongs) || places[0]?.site?.path !== user.site) throw notApproved()
  return user
}

/** Pre-authorization by policy, or an earlier approval in a flow that issued a refresh token. */
export function requireApproval(world: World, { app, user, place }: { app: App; user: User; place: Place }): Approval {
  if (app.permittedUsers === 'adminApproved')
    return standingApproval(world, { clientId: app.clientId, user, place, scopes: app.scopes })
  const earlier = approvalsOf(world, user.id, app.clientId).findLast((one) => isPersonal(one) && isOffline(one.scopes))
  if (!earlier) throw notApproved()
  return earlier
}
