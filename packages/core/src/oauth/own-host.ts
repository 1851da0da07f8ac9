import { ConfigError } from '../errors/errors.ts'
import type { ConfigFault } from '../errors/errors.ts'
import type { LoginHost } from '../org/hosts.ts'

/**
 * For grants that Salesforce serves on an org's own host only: says so before a secret or token is sent in vain.
 * @throws {ConfigError} `config/invalid` for login.salesforce.com and test.salesforce.com.
 */
export function requireOwnHost(login: LoginHost, flow: string): void {
  const faults = ownHostFaults(login, flow)
  if (faults.length > 0) throw new ConfigError(faults)
}

/** The fault of such a grant at a generic login host. */
export function ownHostFaults({ kind, origin }: LoginHost, flow: string): readonly ConfigFault[] {
  if (kind !== 'public') return []
  const problem = `is ${origin}, where Salesforce refuses ${flow}`
  const hint = "Set it to the org's My Domain, https://<name>.my.salesforce.com (Setup › My Domain)."
  return [{ option: 'loginUrl', problem, hint }]
}
