import { randomBytes } from 'node:crypto'
import type { Exchange, Fetch, SalesforceAuth } from '@orgpass/core'
import { createSalesforceAuth } from '@orgpass/core/node'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import type { WorkerSettings } from './messages.ts'
import { openStore } from './open-store.ts'

/** A Salesforce with rotation on, and an app whose connections and sessions are in a store that its processes share. */
export interface World {
  readonly sim: Simulator
  readonly salesforce: SalesforceAuth
  readonly settings: WorkerSettings
  /** Connects the org for the customer, or once more when it has to be, and answers the connection's id. */
  connect(reconnect?: string): Promise<string>
  /** Logs somebody in and answers the cookie. */
  login(username: string): Promise<string>
  /** What became of each refresh token that was spent since the last look: `200`, or the error. */
  spends(): readonly string[]
  close(): Promise<void>
}

export interface WorldOptions extends Partial<Pick<WorkerSettings, 'lease' | 'timeout'>> {
  /** One that does not listen. @default a simulator that does */
  readonly sim?: Simulator
}

const BASE_URL = 'http://localhost:3000'
/** Who connects: the app of these tests has one customer. */
export const OWNER = 'the customer'

export async function createWorld(storeUrl: string, options: WorldOptions = {}): Promise<World> {
  const { lease = 10_000, timeout = 10_000 } = options
  const sim = options.sim ?? (await startSimulator())
  const { clientId, clientSecret } = sim.app()
  sim.updateApp(clientId, { refreshTokenRotation: true })
  const secret = randomBytes(32).toString('base64url')
  const opened = await openStore(storeUrl, { lease })
  const app = { clientId, clientSecret: clientSecret ?? '', loginUrl: sim.org().url, baseUrl: BASE_URL, timeout }
  const store = opened.store
  const direct: Fetch = (input, init) => sim.fetch(new Request(input, init))
  const salesforce = createSalesforceAuth(
    {
      ...app,
      session: { secret, store },
      connect: { store },
      logger: () => undefined,
      ...(options.sim && { fetch: direct }),
    },
    {},
  )
  let last: Simulator['requests'][number] | undefined

  /** Goes to Salesforce as `username` and back, in a browser of its own. */
  async function goThrough(begin: (browser: Exchange) => Promise<string>, username: string): Promise<string> {
    const cookies = new Map<string, string>()
    const visit = (method: string, target: string): Exchange => ({
      method,
      target,
      header: (name) => (name === 'cookie' ? [...cookies.values()].join('; ') : undefined),
      form: async () => new URLSearchParams(),
      setCookie: (name, line) => void cookies.set(name, line.slice(0, line.indexOf(';'))),
      committed: false,
    })
    const callback = await sim.signIn(await begin(visit('POST', '/')), { username })
    const target = callback.pathname + callback.search
    await salesforce.open(visit('GET', target), { owner: () => OWNER }).handle()
    return [...cookies.values()].filter((cookie) => !cookie.endsWith('=')).join('; ')
  }

  return {
    sim,
    salesforce,
    settings: { ...app, storeUrl, secret, lease },
    async connect(reconnect) {
      const begin = async (browser: Exchange): Promise<string> => {
        const { auth } = salesforce.open(browser, { owner: () => OWNER })
        return (await auth.connections.connect(reconnect === undefined ? {} : { reconnect })).location ?? ''
      }
      await goThrough(begin, 'ada@acme.example')
      return (await salesforce.connections.default(OWNER))?.id ?? ''
    },
    login: (username) =>
      goThrough(async (browser) => (await salesforce.open(browser).auth.login()).location ?? '', username),
    spends() {
      // The simulator keeps the newest only, so a place in its list means something else later.
      const since = sim.requests.slice(last === undefined ? 0 : sim.requests.indexOf(last) + 1)
      last = sim.requests.at(-1)
      const renewals = since.filter(({ grantType }) => grantType === 'refresh_token')
      return renewals.map(({ status, error }) => error ?? String(status))
    },
    async close() {
      await opened.close()
      await sim.close()
    },
  }
}
