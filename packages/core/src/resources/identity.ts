import { identityUrl } from '../org/endpoints.ts'
import type { Identity } from '../org/ids.ts'
import type { AuthorizedFetch } from './ask-json.ts'
import { readProfile } from './profile.ts'
import type { ProfileOptions, UserProfile } from './profile.ts'

/** Who is to be described, and where. */
export interface IdentitySource {
  readonly instanceUrl: string
  readonly identity: Identity
}

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
 *
 * @throws {RestError} when Salesforce does not describe the user to this token.
 * @throws {TransportError} `net/*`
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_openid.htm
 */
export async function fetchIdentity(
  fetch: AuthorizedFetch,
  { instanceUrl, identity: expected }: IdentitySource,
  options: Pick<ProfileOptions, 'timeout'> = {},
): Promise<UserProfile> {
  return readProfile(fetch, { url: identityUrl(instanceUrl, expected), names: NAMES }, { ...options, expected })
}
