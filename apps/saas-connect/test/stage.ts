import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { SalesforceAuth } from '@orgpass/core'
import { createSalesforceAuth } from '@orgpass/core/node'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { createAgent, leadsTo, listen } from '@orgpass/testing'
import type { Agent } from '@orgpass/testing'
import { startPostgres } from '@orgpass/testing/services'
import { Pool } from 'pg'
import { buildApp } from '../src/app.ts'
import { demoSeed } from '../src/demo-seed.ts'
import { openStore } from '../src/open-store.ts'
import type { OpenedStore } from '../src/open-store.ts'
import type { Rounds } from '../src/worker.ts'

/** What a person fills in, or what the buttons of the page send. */
export interface ConnectForm {
  readonly org: string
  readonly username: string
  readonly alias?: string
  /** In place of the connect form: the button of a connection. */
  readonly reconnect?: string
}

export interface Stage {
  readonly sim: Simulator
  readonly url: string
  /** Of the app, and of every program beside it. */
  readonly env: Readonly<Record<string, string>>
  readonly salesforce: SalesforceAuth
  readonly rounds: Rounds
  /** What another process would count with. */
  elsewhere(): Rounds
  /** How often a refresh token was spent. */
  renewals(): number
  /** A browser in which somebody is signed in to the app. */
  person(name: string): Promise<Agent>
  /** The app's answer to a browser that comes back from Salesforce. */
  comeBack(agent: Agent, form: ConnectForm): Promise<Response>
  /** Connects an org all the way, as a person with this browser does. */
  connect(agent: Agent, form: ConnectForm): Promise<Response>
  [Symbol.asyncDispose](): Promise<void>
}

/** One of the tests' own, whose tables may be dropped; else the app's embedded one serves. */
export const postgres = await startPostgres({ own: true })

/** The app on a simulated Salesforce whose refresh tokens rotate. */
export async function openStage(): Promise<Stage> {
  const sim = await startSimulator({ seed: demoSeed })
  const server = createServer()
  const listening = await listen(server)
  const { url } = listening
  const { clientId, clientSecret } = sim.app('Account counter')
  const env = {
    SALESFORCE_CLIENT_ID: clientId,
    SALESFORCE_CLIENT_SECRET: clientSecret,
    SALESFORCE_LOGIN_URL: sim.org().url,
    APP_BASE_URL: url,
    SESSION_SECRET: `a session secret of the tests ${randomUUID()}`,
    ...(postgres && { DATABASE_URL: postgres.url }),
  }
  const stores: OpenedStore[] = []
  const open = (): OpenedStore => {
    const store = postgres === undefined ? (stores[0] ?? openStore(env)) : openStore(env)
    if (!stores.includes(store)) stores.push(store)
    return store
  }
  const store = open()
  const auth = { logger: () => undefined }
  const { app, salesforce, people } = buildApp({ env, store, auth })
  server.on('request', app)
  const { tenants } = people

  const comeBack: Stage['comeBack'] = async (agent, { org, username, alias, reconnect }) => {
    const fields = reconnect === undefined ? { loginHost: sim.org(org).url } : { reconnect }
    const form = { ...fields, ...(alias !== undefined && { alias }), returnTo: '/connections' }
    const start = await agent.post('/auth/connect', { form })
    if (start.status !== 200) return start
    const callback = await sim.signIn(await leadsTo(start), { username })
    return agent.get(callback.href, { from: sim.org(org).url })
  }
  return {
    sim,
    url,
    env,
    salesforce,
    rounds: { salesforce, store, tenants },
    elsewhere() {
      const shared = open()
      return { salesforce: createSalesforceAuth({ connect: { store: shared }, ...auth }, env), store: shared, tenants }
    },
    renewals: () => sim.requests.filter(({ grantType }) => grantType === 'refresh_token').length,
    async person(name) {
      const agent = createAgent(url)
      const answer = await agent.post('/sign-in', { form: { name, password: 'sample' } })
      if (answer.status !== 303) throw new Error(`${name} could not sign in: ${answer.status}`)
      return agent
    },
    comeBack,
    async connect(agent, form) {
      const page = await comeBack(agent, form)
      const address = /content="0;url=([^"]+)"/.exec(await page.clone().text())?.[1]?.replaceAll('&amp;', '&')
      if (address === undefined) return page
      const here = new URL('/auth/callback', url).href
      return agent.get(new URL(address, here).href, { from: here })
    },
    async [Symbol.asyncDispose]() {
      await listening.close()
      await sim.close()
      await Promise.all(stores.map((opened) => opened.close()))
      await forgetTables()
    },
  }
}

async function forgetTables(): Promise<void> {
  if (postgres === undefined) return
  const pool = new Pool({ connectionString: postgres.url })
  await pool.query('DROP SCHEMA IF EXISTS orgpass CASCADE')
  await pool.end()
}

export async function stopServices(): Promise<void> {
  await postgres?.stop()
}
