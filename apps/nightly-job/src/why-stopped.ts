import { ConfigError, isSalesforceAuthError } from '@orgpass/core'
import { plainText } from './plain-text.ts'

/** Where the job has from what the kit finds fault with. */
const VARIABLES: Readonly<Record<string, string>> = {
  loginUrl: 'SALESFORCE_LOGIN_URL',
  clientId: 'SALESFORCE_CLIENT_ID',
  username: 'SALESFORCE_USERNAME',
  key: 'SALESFORCE_PRIVATE_KEY',
}

/** What to tell the person at the terminal, or the one who reads the log in the morning. */
export function whyStopped(error: unknown): string {
  if (error instanceof ConfigError) {
    return error.faults
      .map(({ option, problem, hint }) => `${VARIABLES[option] ?? option} ${problem}. ${hint}`)
      .join('\n')
  }
  if (!isSalesforceAuthError(error)) return plainText(error instanceof Error ? error.message : String(error))
  const { message, hint = '', retryable, retryAt } = error
  const when = retryable && retryAt !== undefined ? `Not before ${new Date(retryAt).toISOString()}.` : ''
  return [message, hint, when].filter(Boolean).join(' ')
}
