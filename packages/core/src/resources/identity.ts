import { identityUrl } from '../org/endpoints.ts'
import type { Identity } from '../org/ids.ts'
import { readProfile } from './profile.ts'
import type { AuthorizedFetch, UserProfile } from './profile.ts'

const NAMES = {
  username: 'username',
  displayName: 'display_name',
  firstName: 'first_name',
  lastName: 'last_name',
  timezone: 'timezone',
}

/**
 * Reads the identity service of a token's user. It is asked on the instance: the host of the identity URL in the
 * token answer is never called.
 * @throws {TransportError} when Salesforce does not answer with a user.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_openid.htm
 */
export async function fetchIdentity(fetch: AuthorizedFetch, instanceUrl: string, user: Identity): Promise<UserProfile> {
  const response = await fetch(identityUrl(instanceUrl, user), { headers: { accept: 'application/json' } })
  return readProfile(response, NAMES, user)
}
