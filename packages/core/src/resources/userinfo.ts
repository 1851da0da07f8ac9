import { endpointsOf } from '../org/endpoints.ts'
import type { AuthorizedFetch } from './ask-json.ts'
import { readProfile } from './profile.ts'
import type { ProfileOptions, UserProfile } from './profile.ts'

const NAMES = {
  username: 'preferred_username',
  displayName: 'name',
  firstName: 'given_name',
  lastName: 'family_name',
  timezone: 'zoneinfo',
}

/**
 * Reads the OpenID Connect userinfo of a token's user from a login host, site or instance.
 *
 * @throws {RestError} when Salesforce does not describe the user to this token.
 * @throws {TransportError} `net/*`
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_userinfo_endpoint.htm
 */
export async function fetchUserinfo(
  fetch: AuthorizedFetch,
  base: string,
  options: ProfileOptions = {},
): Promise<UserProfile> {
  return readProfile(fetch, { url: endpointsOf(base).userinfo, names: NAMES }, options)
}
