import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SalesforceAuth } from '@orgpass/core'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { createAgent } from '@orgpass/testing'
import type { Agent } from '@orgpass/testing'
import { startPostgres } from '@orgpass/testing/services'
import { postgresStore } from '@orgpass/store-postgres'
import { pgliteStore } from '@orgpass/store-postgres/pglite'
import { Pool } from 'pg'
import { buildApp } from '../src/app.ts'
import { demoSeed } from '../src/demo-seed.ts'
import type { WorkerOptions } from '../src/worker.ts'

export interface Stage {
  readonly sim: Simulator
  readonly url: string
  readonly salesforce: SalesforceAuth
  readonly worker: WorkerOptions
  /** A browser in which somebody is signed in to the app. */
  person(name: string): Promise<Agent>
  /** Connects an org all the way, as a person with this browser does. */
  connect(agent: Agent, org: string, username: string): Promise<Response>
  [Symbol.asyncDispose](): Promise<void>
}

const postgres = await startPostgres()

/** The app on a simulated Salesforce with rotation, and on PostgreSQL where there is one. */
export async function openStage(): Promise<Stage> {
  const sim = await startSimulator({ seed: demoSeed })
  const { clientId, clientSecret } = sim.app()
  sim.updateApp(clientId, { refreshTokenRotation: true })
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const env = {
    SALESFORCE_CLIENT_ID: clientId,
    SALESFORCE_CLIENT_SECRET: clientSecret,
    SALESFORCE_LOGIN_URL: sim.org().url,
    APP_BASE_URL: url,
    SESSION_SECRET: `a session secret of the tests ${crypto.randomUUID()}`,
  }
  const pool = postgres && new Pool({ connectionString: postgres.url })
  const store = pool === undefined ? pgliteStore() : postgresStore(pool)
  const { app, salesforce, people } = buildApp({
    env,
    store,
    auth: { logger: () => undefined },
    loginHosts: sim.orgs.map((org) => org.url),
  })
  server.on('request', app)
  return {
    sim,
    url,
    salesforce,
    worker: { salesforce, store, tenants: people.tenants },
    async person(name) {
      const agent = createAgent(url)
      const answer = await agent.post('/sign-in', { form: { name, password: 'sample' } })
      if (answer.status !== 303) throw new Error(`${name} could not sign in: ${answer.status}`)
      return agent
    },
    async connect(agent, org, username) {
      const form = { loginHost: sim.org(org).url, alias: org, returnTo: '/connections' }
      const start = await agent.post('/auth/connect', { form })
      if (start.status !== 303) return start
      const callback = await sim.signIn(start.headers.get('location') ?? '', { username })
      // As from Salesforce: the app's own cookie, which is SameSite=Strict, stays behind.
      const page = await agent.get(callback.href, { from: sim.org(org).url })
      const address = /content="0;url=([^"]+)"/.exec(await page.text())?.[1]?.replaceAll('&amp;', '&')
      return agent.get(new URL(String(address), callback).href, { from: callback.href })
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await sim.close()
      await pool?.end()
    },
  }
}

export async function stopServices(): Promise<void> {
  await postgres?.stop()
}
