import { readFileSync } from 'node:fs'
import Router from '@koa/router'
import type { Environment } from '@orgpass/core'
import { createSalesforceAuth } from '@orgpass/core/node'
import { requiresAuth, requiresScope, salesforceAuth } from '@orgpass/koa'
import type { SalesforceState } from '@orgpass/koa'
import type { Demo } from '@orgpass/sample-host'
import Koa from 'koa'
import { checkEvents } from './check-events.ts'
import { answerFailures } from './failures.ts'
import { securityHeaders } from './security-headers.ts'
import { landing } from './views/landing.ts'
import { workbench } from './views/workbench.ts'

export interface AppOptions {
  readonly env: Environment
  /** Given when Salesforce is simulated: the page then says so. */
  readonly demo?: Demo
  /** Pause before each customer. Milliseconds. @default 0 */
  readonly pace?: number
}

/**
 * Second contact: asks Salesforce about one customer after the other and shows, while it does, whom the company knows
 * through a single person only.
 * @throws {ConfigError} with everything that is wrong in `faults`.
 */
export function buildApp({ env, demo, pace = 0 }: AppOptions): Koa<SalesforceState> {
  const router = new Router<SalesforceState>()
  router.get('/', async (ctx) => {
    const { salesforce } = ctx.state
    const loggedIn = (await salesforce.session()) !== undefined
    ctx.type = 'html'
    ctx.body = (loggedIn ? workbench(await salesforce.identity()) : landing(demo)).text
  })
  router.get('/check/events', requiresAuth(), requiresScope('api'), checkEvents({ pace }))
  for (const file of ['check.js', 'style.css']) {
    const text = readFileSync(new URL(`../public/${file}`, import.meta.url), 'utf8')
    router.get(`/${file}`, (ctx) => {
      ctx.type = file
      ctx.body = text
    })
  }

  const app = new Koa<SalesforceState>()
  app.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever closes the page in the middle of a check is no failure.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') console.error(error)
  })
  app.use(securityHeaders)
  app.use(answerFailures)
  app.use(salesforceAuth(createSalesforceAuth({}, env)))
  app.use(router.routes())
  return app
}
