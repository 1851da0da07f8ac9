import { isSalesforceAuthError } from '@orgpass/core'

/** What to tell the person at the terminal, or the one who reads the log in the morning. */
export function whyStopped(error: unknown): string {
  if (!isSalesforceAuthError(error)) return error instanceof Error ? error.message : String(error)
  const { message, hint = '', retryAt } = error
  const when = retryAt === undefined ? '' : `Not before ${new Date(retryAt).toISOString()}.`
  return [message, hint, when].filter(Boolean).join(' ')
}
