import type { ExecutionContext, Hono } from 'hono'
import type { SalesforceEnv } from '../../src/index.ts'
import { contractApp } from './app.ts'

let app: Hono<SalesforceEnv> | undefined

export default {
  fetch(request: Request, env: { SCENARIO: string }, context: ExecutionContext): Response | Promise<Response> {
    app ??= contractApp(env.SCENARIO)
    return app.fetch(request, env, context)
  },
}
