import { isLocalAddress } from './local-address.ts'

/** What the five variables of a real org are called, in the order of the README. */
const REQUIRED = [
  'SALESFORCE_CLIENT_ID',
  'SALESFORCE_CLIENT_SECRET',
  'SALESFORCE_LOGIN_URL',
  'APP_BASE_URL',
  'SESSION_SECRET',
] as const

export type Variables = Readonly<Record<string, string | undefined>>

export interface Settings {
  /** 0 takes any free port. */
  readonly port: number
  /** Where browsers reach the app; absent: `http://localhost:<port>`. */
  readonly baseUrl: string | undefined
  /** Whether nothing about Salesforce is configured and the app is for this machine only. */
  readonly simulated: boolean
}

/** The app cannot start like this. The message is for a person at a terminal. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/**
 * Decides from the environment what to connect to: a real org or, when nothing at all is said about Salesforce, the
 * simulator. A variable that is set but empty counts as said.
 * @throws {SettingsError} naming everything that is missing.
 */
export function readSettings(variables: Variables): Settings {
  const port = readPort(variables['PORT'])
  const baseUrl = variables['APP_BASE_URL']
  if (baseUrl !== undefined && URL.canParse(baseUrl) && new URL(baseUrl).pathname !== '/') {
    throw new SettingsError('APP_BASE_URL has a path. This app serves whole hosts: give https://app.example.com only.')
  }
  const configured = Object.keys(variables).some((name) => name.startsWith('SALESFORCE_'))
  const local = baseUrl === undefined || isLocalAddress(baseUrl)
  if (!configured && local) return { port, baseUrl, simulated: true }
  const missing = REQUIRED.filter((name) => !variables[name]?.trim())
  if (missing.length > 0) {
    const verb = missing.length === 1 ? 'is' : 'are'
    throw new SettingsError(
      `${missing.join(', ')} ${verb} missing. Set all of ${REQUIRED.join(', ')} for a real org, or none of them for the simulator on localhost.`,
    )
  }
  return { port, baseUrl, simulated: false }
}

function readPort(text = '3000'): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new SettingsError('PORT is not a port number. Use 0 to 65535; 0 takes any free port.')
}
