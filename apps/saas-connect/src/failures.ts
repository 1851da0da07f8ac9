import { isSalesforceAuthError } from '@orgpass/core'
import type { ErrorRequestHandler } from 'express'
import { failurePage } from './views/failure-page.ts'

/** Says what happened and what to do; what only the operator should read goes to the log. */
// oxlint-disable-next-line eslint/max-params -- Express knows an error handler by its four parameters.
export const answerFailures: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) return next(error)
  const isKnown = isSalesforceAuthError(error) && error.expose
  if (!isKnown) console.error(error)
  const told = isKnown ? { message: error.message, ...(error.hint !== undefined && { hint: error.hint }) } : undefined
  res.status(isSalesforceAuthError(error) ? error.status : 500).send(failurePage(told).text)
}
