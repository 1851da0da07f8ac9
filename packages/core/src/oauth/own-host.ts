import { ConfigError } from '../errors/errors.ts'
import type { LoginHost } from '../org/hosts.ts'

/**
 * For grants that Salesforce serves on an org's own host only: says so before a secret or token is sent in vain.
 * @throws {ConfigError} `config/invalid` for login.salesforce.com and test.salesforce.com.
 */
export function requireOwnHost(login: LoginHost, flow: string): void {
  if (login.kind !== 'public') return
  throw new ConfigError([
    {
      option: 'loginUrl',
      problem: `is ${login.origin}, where Salesforce refuses ${flow}`,
      hint: "Set it to the org's My Domain, https://<name>.my.salesforce.com (Setup › My Domain).",
    },
  ])
}
