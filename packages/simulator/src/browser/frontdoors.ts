import { newSecretId } from '../ids.ts'
import type { User } from '../state.ts'
import { findUser, type World } from '../world.ts'

/** Lets a browser in once, as somebody whose token an app holds. */
export interface Frontdoor {
  readonly userId: string
  readonly path: string
  readonly expiresAt: number
}

const lifetime = 60_000

/** What to put into the address that opens it. */
export function addFrontdoor(world: World, user: User, path: string): string {
  const otp = newSecretId()
  world.state.frontdoors.set(otp, { userId: user.id, path, expiresAt: world.clock.now() + lifetime })
  return otp
}

export function openFrontdoor(world: World, otp: string): { user: User; path: string } | undefined {
  const frontdoor = world.state.frontdoors.get(otp)
  world.state.frontdoors.delete(otp)
  const user = frontdoor && findUser(world, frontdoor.userId)
  if (!frontdoor || !user?.active || frontdoor.expiresAt <= world.clock.now()) return undefined
  return { user, path: frontdoor.path }
}
