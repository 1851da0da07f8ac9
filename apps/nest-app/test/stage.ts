import type { Server } from 'node:http'
import { startSimulated } from '@orgpass/sample-host'
import type { Simulator } from '@orgpass/simulator'
import { createAgent, freePort, listen } from '@orgpass/testing'
import type { Agent } from '@orgpass/testing'
import { signIn } from '@orgpass/testing/adapter'
import { buildApp } from '../src/app.ts'

export interface Stage extends AsyncDisposable {
  readonly url: string
  readonly sim: Simulator
  /** A browser in which nobody is logged in. */
  visitor(): Agent
  /** A browser in which somebody has logged in. */
  user(name: 'ada' | 'grace' | 'alan'): Promise<Agent>
}

export interface StageOptions {
  /** Whether the app knows that its org is simulated. */
  readonly isDemo?: boolean
}

/** The app against a simulator of its own. */
export async function openStage({ isDemo = true }: StageOptions = {}): Promise<Stage> {
  const port = await freePort()
  const baseUrl = `http://localhost:${port}`
  const { env, demo, simulator: sim } = await startSimulated(baseUrl)
  const secret = 'a session secret of the tests 0123456789 abcdef'
  const start = { env: { ...env, APP_BASE_URL: baseUrl, SESSION_SECRET: secret } }
  const app = await buildApp(isDemo ? { ...start, demo } : start)
  const server = await listen(app.getHttpServer() as Server, port)
  const { url } = server
  return {
    url,
    sim,
    visitor: () => createAgent(url),
    async user(name) {
      const agent = createAgent(url)
      await signIn(sim, agent, { username: `${name}@acme.example` })
      return agent
    },
    async [Symbol.asyncDispose]() {
      await server.close()
      await app.close()
      await sim.close()
    },
  }
}

/** What a page's script sends. */
export const script = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', accept: 'application/json' }
