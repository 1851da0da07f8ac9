/** What the four variables of a real org are called. */
const REQUIRED = [
  'SALESFORCE_LOGIN_URL',
  'SALESFORCE_CLIENT_ID',
  'SALESFORCE_USERNAME',
  'SALESFORCE_PRIVATE_KEY',
] as const

export interface Org {
  /** What a report is about: it is gone on with only for the same. */
  readonly source: string
  readonly loginUrl: string
  readonly clientId: string
  readonly username: string
  /** PEM. */
  readonly key: string
  close?(): Promise<void>
}

export interface Settings {
  /** Absent when nothing about Salesforce is configured: then the simulator serves. */
  readonly org?: Org
  /** Where the report goes, without the ending. */
  readonly report: string
}

/** The job cannot start like this. The message is for a person at a terminal. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/** @throws {SettingsError} when some variables of a real org are set and others are not. */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): Settings {
  const wanted = variables['JOB_REPORT']?.trim()
  if (!Object.keys(variables).some((name) => name.startsWith('SALESFORCE_')))
    return { report: wanted || 'contacts-per-account-simulator' }
  const missing = REQUIRED.filter((name) => !variables[name]?.trim())
  if (missing.length > 0) {
    throw new SettingsError(
      `${missing.join(', ')} missing. Set all of ${REQUIRED.join(', ')} for a real org, or none of them for the simulator.`,
    )
  }
  const [loginUrl = '', clientId = '', username = '', key = ''] = REQUIRED.map((name) => variables[name])
  const org = { source: `${username} at ${loginUrl}`, loginUrl, clientId, username, key }
  return { org, report: wanted || 'contacts-per-account' }
}
