/** Every address this kit calls on one login host, instance or site. */
export interface Endpoints {
  readonly authorize: string
  readonly token: string
  readonly revoke: string
  readonly introspect: string
  readonly userinfo: string
  readonly register: string
  readonly singleAccess: string
  readonly keys: string
  /** Where a browser ends its Salesforce session. */
  readonly logout: string
  /** In front of the headless services. */
  readonly headless: string
}

/** Builds the addresses from an origin, or from the base of a site, whose path stays in front. */
export function endpointsOf(base: string): Endpoints {
  const oauth = `${base}/services/oauth2`
  return {
    authorize: `${oauth}/authorize`,
    token: `${oauth}/token`,
    revoke: `${oauth}/revoke`,
    introspect: `${oauth}/introspect`,
    userinfo: `${oauth}/userinfo`,
    register: `${oauth}/register`,
    singleAccess: `${oauth}/singleaccess`,
    keys: `${base}/id/keys`,
    logout: `${base}/services/auth/idp/oidc/logout`,
    headless: `${base}/services/auth/headless`,
  }
}

/** The identity service of one user. Asked on the instance, so that no redirect has to carry the token. */
export function identityUrl(instanceUrl: string, { orgId, userId }: { orgId: string; userId: string }): string {
  return `${instanceUrl}/id/${orgId}/${userId}`
}
