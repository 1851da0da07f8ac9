import { startSimulator } from '@orgpass/simulator'
import type { Simulator, SimulatorOptions } from '@orgpass/simulator'
import { createAgent, leadsTo, listen } from '@orgpass/testing'
import type { Agent } from '@orgpass/testing'
import type { RequestAuth } from '../../src/auth/request-auth.ts'
import { memoryStore } from '../../src/index.ts'
import type {
  ConnectionInfo,
  ConnectOptions,
  KeyValueStore,
  LogEvent,
  SalesforceAuth,
  SalesforceAuthOptions,
} from '../../src/index.ts'
import { createSalesforceAuth, nodeExchange } from '../../src/node.ts'
import { answer } from '../answer.ts'

export const SECRET = 'a session secret of the tests, long enough: 0123456789'
export const LIMITS = '/services/data/v64.0/limits'

export interface ConnectStory {
  readonly sim: Simulator
  readonly url: string
  readonly log: LogEvent[]
  readonly store: KeyValueStore
  readonly salesforce: SalesforceAuth
  /** A browser in which somebody is signed in to the app: `user` names whom, nobody when it is empty. */
  browser(user?: string): Agent
  /** How often a grant type reached the token endpoint. */
  tokenRequests(grantType?: string): number
  [Symbol.asyncDispose](): Promise<void>
}

type Given = Omit<SalesforceAuthOptions, 'connect'> & { connect?: ConnectOptions }

/**
 * A simulator, and an app on it whose own users are named by the cookie `user`: /list, /call?id=, /default,
 * /make-default?id=, /rename?id=&alias=.
 */
export async function tellConnect(options: Given = {}, simulator: SimulatorOptions = {}): Promise<ConnectStory> {
  const sim = await startSimulator(simulator)
  const store = options.connect?.store ?? memoryStore()
  const log: LogEvent[] = []
  const { clientId, clientSecret } = sim.app()
  const server = await listen((req, res) => {
    const exchange = nodeExchange(req, res)
    const { auth, handle } = salesforce.open(exchange, { owner: () => ownerOf(req.headers.cookie) })
    void answer(res, async () => (await handle()) ?? route(auth, new URL(exchange.target, 'http://app')))
  })
  const salesforce = createSalesforceAuth(
    {
      clientId,
      clientSecret,
      loginUrl: sim.org().url,
      baseUrl: server.url,
      logger: (event) => log.push(event),
      ...options,
      session: { secret: SECRET, ...options.session },
      connect: { store, ...options.connect },
    },
    {},
  )
  return {
    sim,
    url: server.url,
    log,
    store,
    salesforce,
    browser(user = '') {
      const agent = createAgent(server.url)
      if (user !== '') agent.cookies.set(`user=${user}; Path=/; SameSite=Lax`)
      return agent
    },
    tokenRequests: (grantType = 'refresh_token') => sim.requests.filter((line) => line.grantType === grantType).length,
    async [Symbol.asyncDispose]() {
      await server.close()
      await sim.close()
    },
  }
}

function ownerOf(cookies: string | undefined): string | undefined {
  return /(?:^|; )user=([^;]+)/.exec(cookies ?? '')?.[1]
}

async function route(auth: RequestAuth, { pathname, searchParams }: URL): Promise<{ status: number; body: string }> {
  const { connections } = auth
  const id = searchParams.get('id') ?? ''
  switch (pathname) {
    case '/list':
      return { status: 200, body: JSON.stringify((await connections.list()).map(({ info }) => info)) }
    case '/default':
      return { status: 200, body: (await connections.default())?.id ?? 'none' }
    case '/make-default':
      await connections.makeDefault(id)
      return { status: 204, body: '' }
    case '/rename':
      await connections.rename(id, searchParams.get('alias') ?? '')
      return { status: 204, body: '' }
    case '/call': {
      const connection = await connections.get(id)
      if (connection === undefined) return { status: 404, body: 'none' }
      return { status: (await connection.fetch(LIMITS)).status, body: '' }
    }
    default:
      return { status: 404, body: '' }
  }
}

export interface ConnectForm {
  readonly loginHost?: string
  readonly alias?: string
  readonly reconnect?: string
  readonly returnTo?: string
}

/** Connects an org all the way, as `username` at Salesforce, and answers what the callback answered. */
export async function connect(
  { sim }: Pick<ConnectStory, 'sim'>,
  agent: Agent,
  { username = 'ada@acme.example', ...form }: ConnectForm & { username?: string } = {},
): Promise<Response> {
  const start = await agent.post('/auth/connect', { form: { ...form } })
  if (start.status !== 200) return start
  const callback = await sim.signIn(await leadsTo(start), { username })
  return agent.get(callback.href)
}

export async function list(agent: Agent): Promise<ConnectionInfo[]> {
  const response = await agent.get('/list')
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as ConnectionInfo[]
}

/** What a response says: its status and, when it is one of our errors, its code. */
export async function outcome(response: Response): Promise<string> {
  const text = await response.text()
  const code = text.startsWith('{"error":') ? ` ${String((JSON.parse(text) as { error: unknown }).error)}` : ''
  return `${response.status}${code}`
}
