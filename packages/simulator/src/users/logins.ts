import { OAuthError } from '../http/oauth-error.ts'
import type { User } from '../state.ts'
import { orgOf, type World } from '../world.ts'

const hour = 3_600_000

/** Counts a login without a browser. @throws {OAuthError} when there were too many within an hour */
export function countLogin(world: World, user: User): void {
  if (!admitLogin(world, user)) throw new OAuthError('rate_limit_exceeded', 'login rate exceeded')
}

/** Counts a login, unless the user's org allows no more of them within an hour; refreshes are none. */
export function admitLogin(world: World, user: User): boolean {
  const now = world.clock.now()
  const recent = (world.state.logins.get(user.id) ?? []).filter((at) => at > now - hour)
  world.state.logins.set(user.id, recent)
  if (recent.length >= orgOf(world, user).loginsPerHour) return false
  recent.push(now)
  return true
}
