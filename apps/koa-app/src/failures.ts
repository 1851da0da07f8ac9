import { isSalesforceAuthError } from '@orgpass/core'
import type { Middleware } from 'koa'
import { failurePage } from './views/failure.ts'

/** Every error of a request ends here: a page for a person, JSON for a script. What only the owner may read is logged. */
export const answerFailures: Middleware<object> = async (ctx, next) => {
  try {
    await next()
  } catch (error) {
    const known = isSalesforceAuthError(error) && error.expose ? error.toJSON() : undefined
    if (known === undefined) ctx.app.emit('error', error, ctx)
    ctx.status = isSalesforceAuthError(error) ? error.status : 500
    const failure = known ?? { error: 'app/failed', message: 'The app could not do this. Its log says why.' }
    if (ctx.accepts('html', 'json') !== 'html') ctx.body = failure
    else {
      ctx.type = 'html'
      ctx.body = failurePage(failure).text
    }
  }
}
