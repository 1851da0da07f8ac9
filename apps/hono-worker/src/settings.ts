const REQUIRED = ['SALESFORCE_CLIENT_ID', 'SALESFORCE_CLIENT_SECRET', 'SALESFORCE_LOGIN_URL'] as const

export interface Settings {
  readonly port: number
  /** What the Worker is given; absent: nothing about Salesforce is configured, and it talks to the simulator. */
  readonly salesforce: Readonly<Record<string, string>> | undefined
}

/**
 * Decides from the environment what to connect to: a real org or, when nothing at all is said about Salesforce, the
 * simulator. The app is for this machine: what is deployed is the Worker alone.
 * @throws {Error} naming everything that is missing.
 */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): Settings {
  const port = Number(variables['PORT'] ?? 3000)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error('PORT is not a port number: use 1 to 65535.')
  const configured = Object.keys(variables).some((name) => name.startsWith('SALESFORCE_'))
  if (!configured) return { port, salesforce: undefined }
  const missing = REQUIRED.filter((name) => !variables[name]?.trim())
  if (missing.length > 0) {
    throw new Error(`${missing.join(', ')} missing. Set all of ${REQUIRED.join(', ')}, or none for the simulator.`)
  }
  return { port, salesforce: Object.fromEntries(REQUIRED.map((name) => [name, variables[name] ?? ''])) }
}
