import { to15 } from '../ids.ts'
import { type User, userName } from '../state.ts'
import { orgOf, type World } from '../world.ts'
import { customPermissionsOf } from './record-access.ts'

/** What userinfo, the identity answer and the ID token say about a user. */
export function standardClaims(world: World, user: User): Record<string, unknown> {
  const pictures = photos(world, user)
  return {
    preferred_username: user.username,
    nickname: nickname(user),
    name: userName(user),
    email: user.email,
    email_verified: true,
    given_name: user.firstName,
    family_name: user.lastName,
    zoneinfo: user.timezone,
    profile: `${world.hosts.orgUrl(user.orgId)}/${user.id}`,
    picture: pictures.picture,
    address: {},
    language: user.language,
    locale: user.locale,
    updated_at: modifiedAt(user),
  }
}

export function nickname(user: User): string {
  return user.username.split('@')[0] ?? user.username
}

export function photos(world: World, user: User): { picture: string; thumbnail: string } {
  const base = `${world.hosts.orgUrl(user.orgId)}/profilephoto/005`
  return { picture: `${base}/F`, thumbnail: `${base}/T` }
}

/** Salesforce prints ISO 8601 with a numeric zone. */
export function modifiedAt(user: User): string {
  return new Date(user.modifiedAt).toISOString().replace('Z', '+0000')
}

/** The user's offset from UTC in milliseconds. */
export function utcOffset(world: World, user: User): number {
  const now = new Date(world.clock.now())
  const wall = (timeZone: string): number => Date.parse(now.toLocaleString('en-US', { timeZone }))
  return wall(user.timezone) - wall('UTC')
}

/** Held custom permissions by name with their ids, for tokens whose scope shows them. */
export function customPermissions(
  world: World,
  user: User,
  scopes: readonly string[],
): { custom_permissions?: Readonly<Record<string, string>> } {
  if (!scopes.includes('custom_permissions') && !scopes.includes('full')) return {}
  return { custom_permissions: customPermissionsOf(orgOf(world, user).records, user) }
}

/** Addresses of the APIs. `{version}` stays as it is unless the caller asked for one. */
export function apiUrls(world: World, user: User, version = '{version}'): Record<string, string> {
  const org = orgOf(world, user)
  const base = world.hosts.instanceUrl(org.id)
  const rest = `${base}/services/data/v${version}`
  const soap = (kind: string): string => `${base}/services/Soap/${kind}/${version}/${to15(org.id)}`
  return {
    enterprise: soap('c'),
    metadata: soap('m'),
    partner: soap('u'),
    rest: `${rest}/`,
    sobjects: `${rest}/sobjects/`,
    search: `${rest}/search/`,
    query: `${rest}/query/`,
    recent: `${rest}/recent/`,
    tooling_soap: soap('T'),
    tooling_rest: `${rest}/tooling/`,
    profile: `${base}/${user.id}`,
    feeds: `${rest}/chatter/feeds`,
    groups: `${rest}/chatter/groups`,
    users: `${rest}/chatter/users`,
    feed_items: `${rest}/chatter/feed-items`,
    feed_elements: `${rest}/chatter/feed-elements`,
    custom_domain: world.hosts.orgUrl(org.id),
  }
}
