import type { Client } from './client.ts'

const WARNINGS = {
  'username-password':
    "The username-password flow is legacy: this program handles a person's password, orgs block the flow by default, External Client Apps do not have it, and Salesforce is retiring it. Use jwtBearer() or clientCredentials() instead.",
  'user-agent':
    'The user-agent flow is legacy and insecure: tokens travel through the address bar, where history, logs and scripts see them, and Salesforce is retiring it. Use the web server flow with PKCE and publicClient() instead.',
} as const

const warned: Record<keyof typeof WARNINGS, WeakSet<Client>> = {
  'username-password': new WeakSet(),
  'user-agent': new WeakSet(),
}

/** Says in the log, once for each client, that a flow is in use which nothing new should use. */
export function warnOfLegacyFlow(client: Client, flow: keyof typeof WARNINGS): void {
  if (warned[flow].has(client)) return
  warned[flow].add(client)
  client.log({ level: 'warn', event: 'flow/legacy', flow, message: WARNINGS[flow] })
}
