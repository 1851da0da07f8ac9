import type { Environment } from '@orgpass/core'
import { startSimulated } from '@orgpass/sample-host'
import type { Simulator } from '@orgpass/simulator'
import { createAgent, listen } from '@orgpass/testing'
import type { Agent } from '@orgpass/testing'
import { signIn } from '@orgpass/testing/adapter'
import type { RequestListener } from 'node:http'
import { buildApp } from '../src/app.ts'

export interface Stage extends AsyncDisposable {
  readonly url: string
  readonly sim: Simulator
  /** A browser in which nobody is logged in. */
  visitor(): Agent
  /** A browser in which Ada has logged in. */
  user(): Promise<Agent>
  /** How many calls for one customer's people Salesforce has answered. */
  asked(): number
}

/** The app against a simulator of its own. */
export async function openStage({ pace = 0 } = {}): Promise<Stage> {
  let app: RequestListener | undefined
  const server = await listen((req, res) => app?.(req, res))
  const { env, demo, simulator: sim } = await startSimulated(server.url)
  const secret = 'a session secret of the tests 0123456789 abcdef'
  const environment: Environment = { ...env, APP_BASE_URL: server.url, SESSION_SECRET: secret }
  app = buildApp({ env: environment, demo, pace }).callback()
  return {
    url: server.url,
    sim,
    visitor: () => createAgent(server.url),
    async user() {
      const agent = createAgent(server.url)
      await signIn(sim, agent)
      return agent
    },
    // The first query of a check lists the customers.
    asked: () => sim.requests.filter(({ path, status }) => path.endsWith('/query') && status === 200).length - 1,
    async [Symbol.asyncDispose]() {
      await server.close()
      await sim.close()
    },
  }
}
