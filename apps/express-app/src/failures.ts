import { isSalesforceAuthError } from '@orgpass/core'
import type { SalesforceAuthError } from '@orgpass/core'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { isScript, sendPage } from './answers.ts'
import { isLocalAddress } from '@orgpass/sample-host'
import { failurePage } from './views/failure.ts'
import type { Failure } from './views/failure.ts'

export const answerUnknown: RequestHandler = (req, res) => {
  const failure = { title: 'There is nothing here', message: 'This address leads nowhere.', returnTo: '/' }
  if (isScript(req)) res.status(404).json({ message: failure.message })
  else sendPage(res, 404, failurePage(failure))
}

/** Every error ends here: a page for a person, JSON for the page's script. */
export function answerFailures(baseUrl: string): ErrorRequestHandler {
  const local = isLocalAddress(baseUrl)
  // eslint-disable-next-line max-params -- Express knows error handlers by their four parameters.
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error)
    const status = statusOf(error)
    if (status >= 500) console.error(isSalesforceAuthError(error) ? error.toJSON() : error)
    const returnTo = req.method === 'GET' && !req.path.startsWith('/auth/') ? req.originalUrl : '/'
    // Strangers learn nothing about the inside; on localhost the visitor is the developer.
    const failure = isSalesforceAuthError(error) && (error.expose || local) ? explain(error) : unexplained(status)
    if (isScript(req)) res.status(status).json({ message: failure.message, needsLogin: failure.needsLogin === true })
    else sendPage(res, status, failurePage({ ...failure, returnTo }))
  }
}

// The hint of a denied login is for the developer; this is for who denied it.
const DENIED = 'You chose not to give this app access, and nothing was changed. You can connect whenever you like.'

function explain(error: SalesforceAuthError): Omit<Failure, 'returnTo'> {
  const { code, message, hint, needsLogin } = error
  if (code === 'callback/denied') return { title: titleOf(error), message: DENIED, code, needsLogin }
  return { title: titleOf(error), message, code, needsLogin, ...(hint !== undefined && { hint }) }
}

function titleOf({ code, needsLogin, retryable }: SalesforceAuthError): string {
  if (code === 'callback/denied') return 'You are not connected'
  if (code.startsWith('callback/')) return 'The login did not finish'
  if (needsLogin) return 'Your session ended'
  if (retryable) return 'Salesforce did not answer'
  if (code === 'request/cross-origin') return 'That did not come from this app'
  return 'Something went wrong'
}

function unexplained(status: number): Omit<Failure, 'returnTo'> {
  const message = status < 500 ? 'The request could not be read.' : 'The app could not do this. Its log says why.'
  return { title: 'Something went wrong', message }
}

/** Express and its parsers mark their errors with a status. */
function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500
}
