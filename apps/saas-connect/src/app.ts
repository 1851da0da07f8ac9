import { fileURLToPath } from 'node:url'
import type { Environment, KeyValueStore, SalesforceAuth, SalesforceAuthOptions } from '@orgpass/core'
import { createSalesforceAuth } from '@orgpass/core/node'
import { salesforceAuth } from '@orgpass/express'
import type { Demo } from '@orgpass/sample-host'
import express from 'express'
import type { Express } from 'express'
import { connectionRoutes } from './connection-routes.ts'
import { forgetCount } from './counts.ts'
import { answerFailures } from './failures.ts'
import { createPeople } from './people.ts'
import type { People } from './people.ts'
import { securityHeaders } from './security-headers.ts'
import { createSignIn } from './sign-in.ts'
import { signInRoutes } from './sign-in-routes.ts'

export interface AppOptions {
  readonly env: Environment
  readonly store: KeyValueStore
  /** In place of what the environment says. */
  readonly auth?: SalesforceAuthOptions
  /** Given when Salesforce is simulated: the page then offers its orgs. */
  readonly demo?: Demo
}

export interface BuiltApp {
  readonly app: Express
  readonly salesforce: SalesforceAuth
  readonly people: People
}

/**
 * A small SaaS: people of several tenants sign in to it, connect their tenant's orgs, and see what a worker reads there.
 * @throws {ConfigError} with everything that is wrong in `faults`.
 */
export function buildApp({ env, store, auth, demo }: AppOptions): BuiltApp {
  // Nobody logs in to the app by Salesforce: only connections are made there.
  const routes = { login: false, logout: false } as const
  const salesforce = createSalesforceAuth(
    { routes, connect: { store }, onDisconnect: ({ id }) => forgetCount(store, id), ...auth },
    env,
  )
  const people = createPeople({ ...env, APP_BASE_URL: salesforce.baseUrl })
  const signIn = createSignIn({ secure: salesforce.baseUrl.startsWith('https:') })

  const app = express()
  app.disable('x-powered-by')
  app.use(securityHeaders())
  app.use(express.static(fileURLToPath(new URL('../public', import.meta.url)), { index: false }))
  app.use(signIn.middleware)
  app.use(salesforceAuth(salesforce, { owner: (req) => signIn.personOf(req)?.tenant }))
  app.use('/', signInRoutes({ signIn, people, ...(demo && { demo }) }))
  app.use('/connections', connectionRoutes({ signIn, store, ...(demo && { demo }) }))
  app.use(answerFailures)
  return { app, salesforce, people }
}
