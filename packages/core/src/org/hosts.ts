import { isLocalHost } from './local.ts'

/** What kind of host a login goes to. `public` ones serve every org; the others serve one. */
export type LoginHostKind = 'public' | 'my-domain' | 'site' | 'trusted' | 'local'

/** A host that logins and tokens may go to, once it has been checked. */
export interface LoginHost {
  readonly kind: LoginHostKind
  /** Origin and, for a site, its path; no trailing slash. Every OAuth path is appended to it. */
  readonly base: string
  readonly origin: string
}

export interface HostPolicy {
  /** Hosts (`host` or `host:port`) outside Salesforce's own domains that serve logins: custom domains, sites. */
  trustedHosts: readonly string[]
  /** Whether this app itself runs on this machine: only then may a login host be local. */
  local: boolean
}

export interface HostFault {
  readonly problem: string
  readonly hint: string
}

// No `xn--`: Salesforce gives out no names beyond ASCII, but the look-alikes of one are.
const LABEL = '(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const PARTITIONS = 'develop|scratch|trailblaze|patch|demo|free|sfdctest|sandbox'
const MY_DOMAIN = new RegExp(
  `^${LABEL}(?:\\.(?:${PARTITIONS}))?\\.(?:my\\.salesforce\\.com|my\\.salesforce\\.mil|my\\.sfcrmproducts\\.cn|my-salesforce\\.com)$`,
)
const SITE = new RegExp(`^(?!lightning\\.)${LABEL}(?:\\.(?:${PARTITIONS}))?\\.(?:my\\.site\\.com|force\\.com)$`)
const PUBLIC = /^(?:login|test)\.salesforce\.com$/
const INSTANCE =
  /(?:^|\.)(?:salesforce\.com|salesforce\.mil|sfcrmproducts\.cn|my-salesforce\.com|cloudforce\.com|database\.com)$/
/** Hosts that look like an org but serve no logins, and the part of My Domain's name that belongs in their place. */
const NOT_LOGIN_HOSTS: readonly (readonly [suffix: string, myDomain: string])[] = [
  ['.lightning.force.com', '.my.salesforce.com'],
  ['.my.salesforce-setup.com', '.my.salesforce.com'],
  ['.lightning.crmforce.mil', '.my.salesforce.mil'],
  ['.lightning.sfcrmapps.cn', '.my.sfcrmproducts.cn'],
  ['.my-lightning.com', '.my-salesforce.com'],
  ['.visualforce.com', '.my.salesforce.com'],
  ['.vf.force.com', '.my.salesforce.com'],
]
const EXAMPLE = 'https://<name>.my.salesforce.com'

/** A trusted host as URLs print it, without the port that https has anyway; or what is wrong with it. */
export function parseTrustedHost(host: unknown, { local }: Pick<HostPolicy, 'local'>): string | HostFault {
  const url = typeof host === 'string' && URL.canParse(`https://${host}`) ? new URL(`https://${host}`) : undefined
  if (
    url === undefined ||
    !/^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(url.hostname) ||
    String(host).replace(/:\d+$/, '') !== url.hostname
  ) {
    const hint = "List bare lower-case host names, without scheme, path or wildcard: ['login.example.com']."
    return { problem: 'contains something that is not a host name', hint }
  }
  if (local || !isLocalHost(url.hostname)) return url.host
  return {
    problem: 'contains an address of this machine',
    hint: 'Take it out: a public app sends no token there.',
  }
}

/** Checks the address of a login host, as an operator configures it; says what is wrong and what to write instead. */
export function parseLoginUrl(value: string, policy: HostPolicy): LoginHost | HostFault {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const repaired = `https://${value.replace(/^[a-z]+:\/*/i, '')}`
    const meant = URL.canParse(repaired) ? new URL(repaired) : undefined
    // Nothing else is repeated: what stands here by mistake may be a secret.
    const known = meant !== undefined && kindOf(meant, policy) !== undefined
    return { problem: 'is not an https address', hint: known ? `Write ${meant.origin}.` : `It looks like ${EXAMPLE}.` }
  }
  if (url.username !== '' || url.password !== '') {
    return { problem: 'contains a user name or password', hint: `Write only the address: ${url.origin}.` }
  }
  if (url.search !== '' || url.hash !== '' || url.pathname.startsWith('/services/')) {
    return { problem: 'is more than a login host', hint: `Write only its first part: ${url.origin}.` }
  }
  const path = url.pathname.replace(/(?<!\/)\/+$/, '')
  const host = { base: url.origin + path, origin: url.origin }
  if (isLocalHost(url.hostname)) {
    if (policy.local) return { kind: 'local', ...host }
    return {
      problem: 'is an address of this machine, but the app is public',
      hint: `Set it to your org's My Domain, ${EXAMPLE}. A local simulator is for a local baseUrl only.`,
    }
  }
  const kind = kindOf(url, policy)
  if (kind === undefined) return foreignHost(url.hostname)
  if (url.protocol !== 'https:') return { problem: 'is not https', hint: `Write https://${url.host}${path}.` }
  if (url.port !== '' && kind !== 'trusted')
    return { problem: 'has a port', hint: `Write https://${url.hostname}${path}.` }
  if (path !== '' && kind !== 'site' && kind !== 'trusted') {
    return { problem: 'has a path, and only Experience Cloud sites have one', hint: `Write ${url.origin}.` }
  }
  return { kind, ...host }
}

function kindOf(url: URL, policy: HostPolicy): LoginHostKind | undefined {
  const { hostname } = url
  if (PUBLIC.test(hostname)) return 'public'
  if (policy.trustedHosts.includes(url.host)) return 'trusted'
  if (MY_DOMAIN.test(hostname)) return 'my-domain'
  if (NOT_LOGIN_HOSTS.some(([suffix]) => hostname.endsWith(suffix))) return undefined
  return SITE.test(hostname) ? 'site' : undefined
}

function foreignHost(hostname: string): HostFault {
  const twin = NOT_LOGIN_HOSTS.find(([suffix]) => hostname.endsWith(suffix))
  if (twin !== undefined) {
    const [suffix, myDomain] = twin
    const name = hostname.slice(0, -suffix.length).replace(/--c(?=\.|$)/, '')
    return { problem: `(${hostname}) shows pages and serves no logins`, hint: `Use https://${name}${myDomain}.` }
  }
  if (hostname === 'salesforce.com' || hostname.endsWith('.salesforce.com')) {
    return {
      problem: `(${hostname}) is not a login host`,
      hint: `Use your org's My Domain, ${EXAMPLE} (Setup › My Domain), or https://login.salesforce.com.`,
    }
  }
  return {
    problem: `(${hostname}) is not a Salesforce host`,
    hint: `Use your org's My Domain, ${EXAMPLE}. If it is a custom domain of your site, add it to trustedHosts.`,
  }
}

/** Whether a login host typed by a visitor is exactly one org's My Domain: https, no port, path or user name. */
export function isMyDomain(value: string): boolean {
  if (!/^https:\/\/[a-z0-9.-]+\/?$/i.test(value) || !URL.canParse(value)) return false
  return MY_DOMAIN.test(new URL(value).hostname)
}

/**
 * The origin that API calls of a token go to, or `undefined` when a token must never be sent there. A login on
 * Salesforce leads to Salesforce only; a login on this machine stays on this machine.
 */
export function acceptInstanceUrl(
  value: string,
  login: LoginHost,
  trustedHosts: readonly string[],
): string | undefined {
  if (!URL.canParse(value)) return undefined
  const url = new URL(value)
  if (url.username !== '' || url.password !== '') return undefined
  if (isLocalHost(url.hostname) !== (login.kind === 'local')) return undefined
  if (login.kind === 'local') return /^https?:$/.test(url.protocol) ? url.origin : undefined
  if (url.protocol !== 'https:') return undefined
  if (trustedHosts.includes(url.host) || url.origin === login.origin) return url.origin
  return INSTANCE.test(url.hostname) && url.port === '' ? url.origin : undefined
}

/**
 * The login host that a community address of a callback or token answer stands for, or `undefined` when it may
 * not be followed: only the pinned origin and `trustedHosts` are.
 */
export function acceptCommunityUrl(
  value: string,
  login: LoginHost,
  trustedHosts: readonly string[],
): LoginHost | undefined {
  if (!URL.canParse(value)) return undefined
  const url = new URL(value)
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return undefined
  const base = url.origin + url.pathname.replace(/(?<!\/)\/+$/, '')
  if (url.origin === login.origin) return { kind: login.kind === 'local' ? 'local' : 'site', base, origin: url.origin }
  if (url.protocol !== 'https:' || !trustedHosts.includes(url.host)) return undefined
  if (isLocalHost(url.hostname)) return undefined
  return { kind: 'trusted', base, origin: url.origin }
}
