import type { RequestListener } from 'node:http'
import type { SalesforceAuthOptions } from '@orgpass/core'
import { createAgent, listen } from '@orgpass/testing'
import type { Agent } from '@orgpass/testing'
import { startSimulated } from '@orgpass/sample-host'
import type { Simulated } from '@orgpass/sample-host'
import type { Simulator } from '@orgpass/simulator'
import { buildApp } from '../src/app.ts'

export interface Story {
  readonly url: string
  readonly simulated: Simulated
  readonly sim: Simulator
  /** A browser in which nobody is logged in. */
  visitor(): Agent
  /** A browser in which a user has logged in. */
  user(name?: 'ada' | 'grace' | 'alan'): Promise<Agent>
  close(): Promise<void>
}

/** The sample app against a simulator of its own. */
export async function tell(auth: SalesforceAuthOptions = {}): Promise<Story> {
  let app: RequestListener | undefined
  const server = await listen((req, res) => app?.(req, res))
  const simulated = await startSimulated(server.url)
  app = buildApp({
    env: { ...simulated.env, APP_BASE_URL: server.url },
    auth: { logger: () => undefined, ...auth },
    demo: simulated.demo,
  })
  const sim = simulated.simulator
  return {
    url: server.url,
    simulated,
    sim,
    visitor: () => createAgent(server.url),
    async user(name = 'ada') {
      const agent = createAgent(server.url)
      const start = await agent.get('/auth/login')
      const callback = await sim.signIn(start.headers.get('location') ?? '', { username: `${name}@acme.example` })
      const back = await agent.get(callback.href)
      if (back.status !== 303) throw new Error(`The login failed: ${back.status} ${await back.text()}`)
      return agent
    },
    async close() {
      await server.close()
      await sim.close()
    },
  }
}

/** What the page's own script sends. */
export const asScript = {
  accept: '*/*',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  'sec-fetch-site': 'same-origin',
  'x-requested-with': 'fetch',
}

export interface ShownAccount {
  readonly id: string
  /** As in the HTML: escaped. */
  readonly name: string
}

/** The accounts in a page, in its order. */
export function accountsIn(page: string): ShownAccount[] {
  const rows = page.matchAll(/<tr role="row" id="row-(\w+)">[^]*?<span class="name">([^]*?)<\/span>/g)
  return Array.from(rows, ([, id = '', name = '']) => ({ id, name }))
}

/** The visible text of a page, with single spaces. */
export function textOf(page: string): string {
  const body = page.slice(page.indexOf('<body'))
  return body
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
