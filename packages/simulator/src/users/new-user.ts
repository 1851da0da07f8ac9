import type { Place } from '../http/hosts.ts'
import { createUser } from '../seed/create-state.ts'
import { userRecord } from '../seed/record-seed.ts'
import type { SeedUser } from '../seed/seed.ts'
import type { User } from '../state.ts'
import { orgOf, type World } from '../world.ts'
import { recordAccess } from './record-access.ts'

/** A person who was not seeded; undefined when the username is taken or this is nobody's place. */
export function addUser(world: World, { org, site }: Place, fields: SeedUser): User | undefined {
  const { users } = world.state
  const isTaken = users.some(({ username }) => username.toLowerCase() === fields.username.toLowerCase())
  if (isTaken || !org) return undefined
  const seed = { ...fields, ...(site && { site: site.path }) }
  const user = createUser(seed, { orgId: org.id, number: users.length + 1, now: () => world.clock.now() })
  users.push(user)
  const { records } = orgOf(world, user)
  records.create('User', { fields: userRecord(user), by: user.id })
  recordAccess(records, user)
  return user
}
