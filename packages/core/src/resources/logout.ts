import { requireOwnHost } from '../oauth/own-host.ts'
import { endpointsOf } from '../org/endpoints.ts'
import type { LoginHost } from '../org/hosts.ts'

/**
 * Where to send a browser to end its session with Salesforce too, on a My Domain or site. The person stays there:
 * Salesforce does not come back to the app. It ends no token: revoke those beforehand.
 *
 * @throws {ConfigError} `config/invalid` for a login host that serves every org: there is no such page.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.sso_oidc_rp_single_logout.htm
 */
export function logoutUrl(login: LoginHost): URL {
  requireOwnHost(login, 'single logout')
  return new URL(endpointsOf(login.base).logout)
}
