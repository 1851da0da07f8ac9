import { ConfigError } from '@orgpass/core'

const VARIABLES: Readonly<Record<string, string>> = {
  clientId: 'SALESFORCE_CLIENT_ID',
  clientSecret: 'SALESFORCE_CLIENT_SECRET',
  loginUrl: 'SALESFORCE_LOGIN_URL',
  baseUrl: 'APP_BASE_URL',
  'session.secret': 'SESSION_SECRET',
}

/** What to tell the person at the terminal: every fault, by the name of the variable that is wrong. */
export function whyNotStarted(error: unknown): string {
  if (error instanceof ConfigError) {
    const faults = error.faults.map(({ option, problem, hint }) => `${VARIABLES[option] ?? option} ${problem}. ${hint}`)
    return faults.join(' · ')
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return 'the port is in use. Set PORT to another one, or to 0 for any free one.'
  if (code === 'EACCES') return 'this port may not be used by this user. Set PORT to 1024 or more.'
  return error instanceof Error ? error.message : String(error)
}
