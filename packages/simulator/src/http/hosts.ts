import type { Org, Site } from '../state.ts'

/** Where a request arrived. */
export interface Place {
  kind: 'login' | 'sandbox-login' | 'org' | 'site' | 'instance'
  /** Origin as addressed; `localhost` and `127.0.0.1` name the same place. */
  origin: string
  /** Origin as addressed, plus the site's path: what discovery calls the issuer. */
  base: string
  /** The path below `base`. */
  path: string
  /** Absent on the generic login hosts. */
  org?: Org
  site?: Site
}

export interface HostLayout {
  login: string
  sandboxLogin: string
  /** My Domain origins by org id. */
  orgs: ReadonlyMap<string, string>
}

interface Tenant {
  kind: Exclude<Place['kind'], 'site'>
  origin: string
  orgId?: string
}

export interface Hosts {
  readonly loginUrl: string
  readonly sandboxLoginUrl: string
  /** The generic login host of an org's kind; identity URLs stand on it. */
  genericUrl(org: Org): string
  orgUrl(orgId: string): string
  instanceUrl(orgId: string): string
  siteUrl(orgId: string, site: Site): string
  moveInstance(orgId: string, origin: string): void
  /** Whether REST calls of the org are served at this place. */
  isInstance(place: Place): boolean
  find(url: URL, orgs: readonly Org[]): Place | undefined
  reset(): void
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]']

/** Knows which origin is whose. `localhost` may stand for `127.0.0.1` where ports tell places apart. */
export function createHosts(layout: HostLayout): Hosts {
  const tenants = new Map<string, Tenant>()
  const instances = new Map<string, string>()

  function add(tenant: Tenant): void {
    const url = new URL(tenant.origin)
    const port = url.port === '' ? '' : `:${url.port}`
    const names = loopbackNames.includes(url.hostname) ? loopbackNames : [url.hostname]
    for (const name of names) tenants.set(name + port, tenant)
  }

  add({ kind: 'login', origin: layout.login })
  add({ kind: 'sandbox-login', origin: layout.sandboxLogin })
  for (const [orgId, origin] of layout.orgs) add({ kind: 'org', origin, orgId })

  const orgUrl = (orgId: string): string => {
    const url = layout.orgs.get(orgId)
    if (url === undefined) throw new Error(`The org ${orgId} has no host.`)
    return url
  }
  const instanceUrl = (orgId: string): string => instances.get(orgId) ?? orgUrl(orgId)

  return {
    loginUrl: layout.login,
    sandboxLoginUrl: layout.sandboxLogin,
    genericUrl: (org) => (org.kind === 'sandbox' ? layout.sandboxLogin : layout.login),
    orgUrl,
    instanceUrl,
    siteUrl: (orgId, site) => `${orgUrl(orgId)}/${site.path}`,
    moveInstance(orgId, origin) {
      instances.set(orgId, origin)
      add({ kind: 'instance', origin, orgId })
    },
    isInstance: ({ org, origin }) =>
      org !== undefined && tenants.get(new URL(origin).host)?.origin === instanceUrl(org.id),
    find(url, orgs) {
      const tenant = tenants.get(url.host)
      if (!tenant) return undefined
      const org = orgs.find(({ id }) => id === tenant.orgId)
      const site = tenant.kind === 'org' ? org?.sites.find(({ path }) => isUnder(url.pathname, path)) : undefined
      const prefix = site ? `/${site.path}` : ''
      return {
        kind: site ? 'site' : tenant.kind,
        origin: url.origin,
        base: url.origin + prefix,
        path: url.pathname.slice(prefix.length) || '/',
        ...(org && { org }),
        ...(site && { site }),
      }
    },
    reset: () => instances.clear(),
  }
}

function isUnder(pathname: string, segment: string): boolean {
  return pathname === `/${segment}` || pathname.startsWith(`/${segment}/`)
}
