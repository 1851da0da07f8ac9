import { isMyDomain, parseLoginUrl } from './hosts.ts'
import type { HostPolicy, LoginHost } from './hosts.ts'
import { isLocalHost } from './local.ts'

const GENERIC: Readonly<Record<string, string>> = {
  production: 'https://login.salesforce.com',
  sandbox: 'https://test.salesforce.com',
  'login.salesforce.com': 'https://login.salesforce.com',
  'test.salesforce.com': 'https://test.salesforce.com',
}

/**
 * The login host that a visitor chose or typed: `production`, `sandbox`, exactly one org's My Domain, or a trusted host.
 * A host of this machine counts only while the app is on this machine, too. Anything else is `undefined`.
 */
export function parseTypedLoginHost(typed: string, policy: HostPolicy): LoginHost | undefined {
  // Paths are left as they are: a site's may tell letters apart.
  const word = typed.trim().replace(/^(?:https?:\/\/)?[^/]*/i, (host) => host.toLowerCase())
  const generic = Object.hasOwn(GENERIC, word) ? GENERIC[word] : undefined
  const url = generic ?? (/^https?:\/\//.test(word) ? word : `https://${word}`)
  if (generic === undefined && !isMyDomain(url) && !isTrusted(url, policy)) return undefined
  const login = parseLoginUrl(url, policy)
  return 'kind' in login ? Object.freeze(login) : undefined
}

function isTrusted(url: string, { trustedHosts, local }: HostPolicy): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host, hostname } = new URL(url)
  return (protocol === 'https:' && trustedHosts.includes(host)) || (local && isLocalHost(hostname))
}
