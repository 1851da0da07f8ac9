import { OAuthError } from './oauth-error.ts'
import type { User } from './state.ts'
import { orgOf, type World } from './world.ts'

const hour = 3_600_000

/**
 * Counts a login with a password, an assertion or an app's credentials; refreshes are none.
 * @throws {OAuthError} when the user's org allows no more of them within an hour
 */
export function countLogin(world: World, user: User): void {
  const now = world.clock.now()
  const recent = (world.state.logins.get(user.id) ?? []).filter((at) => at > now - hour)
  world.state.logins.set(user.id, recent)
  if (recent.length >= orgOf(world, user).loginsPerHour) {
    throw new OAuthError('rate_limit_exceeded', 'login rate exceeded')
  }
  recent.push(now)
}
