import { createRequire } from 'node:module'
import type { Simulator } from '@orgpass/simulator'
import { createAgent, listen } from '@orgpass/testing'
import type { Agent, AgentOptions } from '@orgpass/testing'
import { signIn } from '@orgpass/testing/adapter'
import express5 from 'express'
import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express'
import type { SalesforceAuthOptions } from '@orgpass/core'

// The alias has no types of its own; what is used here is the same in both versions.
const express4 = createRequire(import.meta.url)('express4') as typeof express5

/** Every version that the adapter promises to work with. */
export const hosts: readonly { name: string; express: typeof express5 }[] = [
  { name: 'Express 5', express: express5 },
  { name: 'Express 4', express: express4 },
]

export interface Stage extends AsyncDisposable {
  readonly app: Express
  readonly url: string
  readonly port: number
  /** Enough to reach the simulator; spread it and add. */
  readonly options: SalesforceAuthOptions
  /** A browser with nobody logged in. */
  browser(options?: AgentOptions): Agent
  /** A browser in which Ada has logged in. */
  login(): Promise<Agent>
}

/** A listening Express app without any middleware yet, and what connects it to the simulator. */
export async function stage(express: typeof express5, sim: Simulator): Promise<Stage> {
  const app = express()
  // Express prints errors that nobody handled, except under test.
  app.set('env', 'test')
  const server = await listen(app)
  const { url, port } = server
  const { clientId, clientSecret } = sim.app()
  return {
    app,
    url,
    port,
    options: {
      clientId,
      clientSecret,
      loginUrl: sim.org().url,
      baseUrl: url,
      session: { secret: 'a session secret of the tests, long enough: 0123456789' },
      logger: () => undefined,
    },
    browser: (options) => createAgent(url, options),
    async login() {
      const agent = createAgent(url)
      await signIn(sim, agent)
      return agent
    },
    [Symbol.asyncDispose]: () => server.close(),
  }
}

/** An async handler for both versions: Express 4 does not look at what a handler returns. */
export function page(work: (req: Request, res: Response) => Promise<unknown>): RequestHandler {
  return (req, res, next) => void work(req, res).then(undefined, next)
}

/** The few lines that an app needs to answer errors as JSON: status and text come from the error. */
// oxlint-disable-next-line eslint/max-params -- Express knows an error handler by its four parameters.
export const asJson: ErrorRequestHandler = (error: { status?: number }, _req, res, next) => {
  if (res.headersSent) next(error)
  else res.status(error.status ?? 500).json(error)
}
