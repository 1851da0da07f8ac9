import type { Context } from 'hono'
import type { ResettableClock } from './control/clock.ts'
import type { FaultRunner } from './control/faults.ts'
import type { RequestLog } from './control/request-log.ts'
import type { Hosts, Place } from './http/hosts.ts'
import type { App, Org, State, User } from './state.ts'
import type { Keys } from './tokens/keys.ts'

/** All that the endpoints share. */
export interface World {
  state: State
  readonly clock: ResettableClock
  readonly hosts: Hosts
  readonly keys: Keys
  readonly faults: FaultRunner
  readonly log: RequestLog
  /** What a reset goes back to. */
  readonly freshState: () => State
  /** Makes an origin for an org that moves. */
  readonly openInstance: (org: Org) => Promise<string>
}

/** What an endpoint tells the request log. */
export interface LogNote {
  grantType?: string
  error?: string
}

export interface Env {
  Bindings: { place: Place; address: string; note: LogNote }
}

export type EndpointContext = Context<Env>

export function findApp(world: World, clientId: string): App | undefined {
  return world.state.apps.find((app) => app.clientId === clientId)
}

export function findUser(world: World, id: string): User | undefined {
  return world.state.users.find((user) => user.id === id)
}

export function orgOf(world: World, user: { orgId: string }): Org {
  const org = world.state.orgs.find(({ id }) => id === user.orgId)
  if (!org) throw new Error(`No org has the id ${user.orgId}.`)
  return org
}

/** Whether people of that org can log in, or spend tokens, at this place. */
export function serves(place: Place, org: Org): boolean {
  if (place.kind === 'login') return org.kind === 'production'
  if (place.kind === 'sandbox-login') return org.kind === 'sandbox'
  return place.org?.id === org.id
}

/** People who log in on the generic host end up on their My Domain, unless the org says otherwise. */
export function issuerAt(world: World, place: Place, user: User): string {
  const org = orgOf(world, user)
  return place.org || org.issuerOnLoginHost === 'loginHost' ? place.base : world.hosts.orgUrl(org.id)
}

export function identityUrl(world: World, user: User): string {
  const org = orgOf(world, user)
  return `${world.hosts.genericUrl(org)}/id/${org.id}/${user.id}`
}
