import { endpointsOf } from '../org/endpoints.ts'
import type { Identity } from '../org/ids.ts'
import { readProfile } from './profile.ts'
import type { AuthorizedFetch, UserProfile } from './profile.ts'

const NAMES = {
  username: 'preferred_username',
  displayName: 'name',
  firstName: 'given_name',
  lastName: 'family_name',
  timezone: 'zoneinfo',
}

/**
 * Reads the OpenID Connect userinfo of a token's user from a login host, site or instance.
 * @throws {TransportError} when Salesforce does not answer with a user.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_userinfo_endpoint.htm
 */
export async function fetchUserinfo(fetch: AuthorizedFetch, base: string, expected?: Identity): Promise<UserProfile> {
  return readProfile(await fetch(endpointsOf(base).userinfo), NAMES, expected)
}
