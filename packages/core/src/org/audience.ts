import type { LoginHost } from './hosts.ts'

const PRODUCTION = 'https://login.salesforce.com'
const SANDBOX = 'https://test.salesforce.com'
// Besides the partitions, sandboxes that predate them: name--sandbox.my.salesforce.com.
const SANDBOX_HOST = /--|\.(?:sandbox|scratch)\./

/**
 * Whom an assertion for this login host must name as its audience. Salesforce documents the generic login hosts
 * and sites only: a My Domain is sent the generic host that serves its org.
 */
export function assertionAudience({ kind, base, origin }: LoginHost): string {
  if (kind !== 'my-domain') return base
  return SANDBOX_HOST.test(new URL(origin).hostname) ? SANDBOX : PRODUCTION
}
