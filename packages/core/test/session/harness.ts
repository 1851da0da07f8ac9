import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { createAgent, listen } from '@orgpass/testing'
import type { Agent } from '@orgpass/testing'
import { requiresAuth } from '../../src/auth/guards.ts'
import type { RequestAuth } from '../../src/auth/request-auth.ts'
import type { LogEvent, SalesforceAuthOptions } from '../../src/index.ts'
import { createSalesforceAuth, nodeExchange } from '../../src/node.ts'
import { answer } from '../answer.ts'

export const SECRET = 'a session secret of the tests, long enough: 0123456789'
const LIMITS = '/services/data/v64.0/limits'

export interface Story {
  readonly sim: Simulator
  readonly url: string
  readonly log: LogEvent[]
  /** A browser with nobody logged in. */
  browser(): Agent
  /** A browser in which a user has logged in. */
  login(username?: string): Promise<Agent>
  /** How often a grant type reached the token endpoint since the story began or was told to forget. */
  tokenRequests(grantType?: string): number
  forget(): void
  [Symbol.asyncDispose](): Promise<void>
}

/** A clock that goes on as usual, and further when told. */
export function clock(): { now: () => number; advance: (duration: number) => void } {
  let ahead = 0
  return { now: () => Date.now() + ahead, advance: (duration) => void (ahead += duration) }
}

/** A simulator, and an app on it with: GET /call (calls Salesforce), /token, /me, /guarded, POST /data. */
export async function tell(options: SalesforceAuthOptions = {}): Promise<Story> {
  const sim = await startSimulator()
  const log: LogEvent[] = []
  const { clientId, clientSecret } = sim.app()
  let from = 0
  const server = await listen((req, res) => {
    const exchange = nodeExchange(req, res)
    const { auth, handle } = kit.open(exchange)
    void answer(res, async () => (await handle()) ?? route(auth, exchange.target))
  })
  const kit = createSalesforceAuth(
    {
      clientId,
      clientSecret,
      loginUrl: sim.org().url,
      baseUrl: server.url,
      logger: (event) => log.push(event),
      ...options,
      session: { secret: SECRET, ...options.session },
    },
    {},
  )
  const tokenRequests = (grantType = 'refresh_token'): number =>
    sim.requests.slice(from).filter((line) => line.grantType === grantType).length
  return {
    sim,
    url: server.url,
    log,
    browser: () => createAgent(server.url),
    async login(username = 'ada@acme.example') {
      const agent = createAgent(server.url)
      await signIn(sim, agent, username)
      return agent
    },
    tokenRequests,
    forget: () => void (from = sim.requests.length),
    async [Symbol.asyncDispose]() {
      await server.close()
      await sim.close()
    },
  }
}

export async function signIn(sim: Simulator, agent: Agent, username = 'ada@acme.example'): Promise<void> {
  const start = await agent.get('/auth/login')
  const callback = await sim.signIn(start.headers.get('location') ?? '', { username })
  const back = await agent.get(callback.href)
  if (back.status !== 303) throw new Error(`The login failed: ${back.status} ${await back.text()}`)
}

async function route(auth: RequestAuth, target: string): Promise<{ status: number; body: string }> {
  switch (target) {
    case '/call': {
      const response = await auth.fetch(LIMITS)
      return { status: response.status, body: await response.text() }
    }
    case '/token':
      return { status: 200, body: await auth.accessToken() }
    case '/me':
      return { status: 200, body: JSON.stringify((await auth.session()) ?? null) }
    case '/guarded':
      return { status: 200, body: '', ...(await requiresAuth()(auth)) }
    case '/data':
      await auth.saveData({ theme: 'dark' })
      return { status: 200, body: '' }
    default:
      return { status: 404, body: '' }
  }
}

/** What a response says: its status and, when it is one of our errors, its code. */
export async function outcome(response: Response): Promise<string> {
  const text = await response.text()
  const code = text.startsWith('{"error":') ? ` ${String((JSON.parse(text) as { error: unknown }).error)}` : ''
  return `${response.status}${code}`
}

/** Many requests of one browser at once. */
export async function atOnce(agent: Agent, path: string, count = 50): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, async () => outcome(await agent.get(path))))
}
