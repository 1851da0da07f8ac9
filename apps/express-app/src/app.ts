import { fileURLToPath } from 'node:url'
import type { Environment, SalesforceAuthOptions } from '@orgpass/core'
import { createSalesforceAuth } from '@orgpass/core/node'
import { requiresAuth, requiresSameOrigin, salesforceAuth } from '@orgpass/express'
import type { Demo } from '@orgpass/sample-host'
import express from 'express'
import type { Express } from 'express'
import { accountTable, home, renaming, sessionForForms } from './account-routes.ts'
import { answerFailures, answerUnknown } from './failures.ts'
import { canonicalHost, securityHeaders } from './page-protection.ts'
import { countRenewals } from './renewals.ts'

export interface AppOptions {
  readonly env: Environment
  /** In place of what the environment says. */
  readonly auth?: SalesforceAuthOptions
  /** Given when Salesforce is simulated: the page then says so. */
  readonly demo?: Demo
}

/**
 * The sample app: connect to Salesforce, see who you are, search accounts and rename them.
 * @throws {ConfigError} with everything that is wrong in `faults`.
 */
export function buildApp({ env, auth = {}, demo }: AppOptions): Express {
  const renewals = countRenewals()
  const salesforce = createSalesforceAuth(
    {
      ...auth,
      onRefresh: ({ sessionId }) => renewals.add(sessionId),
      onLogout: ({ sessionId }) => renewals.forget(sessionId),
    },
    env,
  )
  const { baseUrl, redirectUri } = salesforce
  const context = { renewals, setup: { redirectUri, ...(demo && { demo }) } }

  const app = express()
  app.disable('x-powered-by')
  app.use(securityHeaders, canonicalHost(baseUrl))
  app.use(express.static(fileURLToPath(new URL('../public', import.meta.url)), { index: false }))
  app.use(salesforceAuth(salesforce))
  app.get('/', home(context))
  app.get('/accounts', requiresAuth(), accountTable)
  app.post(
    '/accounts/:id',
    requiresSameOrigin(),
    sessionForForms,
    requiresAuth(),
    express.urlencoded({ extended: false, limit: '8kb' }),
    renaming(context),
  )
  app.use(answerUnknown)
  app.use(answerFailures(baseUrl))
  return app
}
