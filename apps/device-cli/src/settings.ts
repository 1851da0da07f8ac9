/** What the two variables of a real org are called. A device keeps no secret, so there is none. */
const REQUIRED = ['SALESFORCE_LOGIN_URL', 'SALESFORCE_CLIENT_ID'] as const

export interface Org {
  readonly loginUrl: string
  readonly clientId: string
  close?(): Promise<void>
}

/** The program cannot start like this. The message is for a person at a terminal. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/**
 * The org to log in to; `undefined` when nothing about Salesforce is configured: then the simulator serves.
 * @throws {SettingsError} when one of the variables is set and the other is not.
 */
export function readOrg(variables: Readonly<Record<string, string | undefined>>): Org | undefined {
  if (!Object.keys(variables).some((name) => name.startsWith('SALESFORCE_'))) return undefined
  const [loginUrl = '', clientId = ''] = REQUIRED.map((name) => variables[name]?.trim())
  if (loginUrl !== '' && clientId !== '') return { loginUrl, clientId }
  throw new SettingsError(`Set both ${REQUIRED.join(' and ')} for a real org, or none of them for the simulator.`)
}
