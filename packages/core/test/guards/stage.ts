import { startSimulator } from '@orgpass/simulator'
import type { SeedOrg, SeedUser, Simulator } from '@orgpass/simulator'
import { createAgent, listen } from '@orgpass/testing'
import type { Agent } from '@orgpass/testing'
import { isSalesforceAuthError } from '../../src/index.ts'
import type { Guard, LogEvent, Reply, RequestAuth, SalesforceAuthOptions } from '../../src/index.ts'
import { createSalesforceAuth, nodeExchange, sendReply } from '../../src/node.ts'
import { signIn } from '../session/harness.ts'

export const SECRET = 'a session secret of the tests, long enough: 0123456789'
export const HANK = 'hank@globex.example'

const users: SeedUser[] = [
  {
    username: HANK,
    profile: 'Sales Rep',
    permissionSets: ['Discounts', 'Reports'],
    permissionSetGroups: ['Closers'],
    customPermissions: ['Export_Data', 'Approve_Discounts'],
  },
  { username: 'ivy@globex.example', profile: 'Support', permissionSets: ['Reports'] },
  { username: 'eve@client.example', site: 'customers', profile: 'Customer' },
]

export interface StageOptions {
  readonly options?: SalesforceAuthOptions | ((sim: Simulator) => SalesforceAuthOptions)
  readonly org?: Partial<SeedOrg>
  /** Path of the site that people log in on, in place of the org's My Domain. */
  readonly site?: string
  /** Scopes of the app, which it asks for at logins. */
  readonly scope?: string
  /** Runs before the guard of a route. */
  readonly before?: (auth: RequestAuth) => Promise<unknown>
}

export interface Stage extends AsyncDisposable {
  readonly sim: Simulator
  readonly url: string
  readonly log: readonly LogEvent[]
  readonly browser: () => Agent
  readonly login: (username?: string) => Promise<Agent>
  /** Paths that were asked at the org, logins aside, since the stage opened or was told to forget. */
  readonly asked: () => string[]
  readonly forget: () => void
}

/** An app, Portal, whose routes are guarded, in front of the sandbox org Globex. A passed guard answers `in`. */
export async function openStage(
  guards: Readonly<Record<string, Guard>>,
  {
    options = {},
    org = {},
    site = '',
    scope = 'openid id api refresh_token custom_permissions',
    before,
  }: StageOptions = {},
): Promise<Stage> {
  const globex = { name: 'Globex', sites: [{ name: 'Customers', path: 'customers' }], users, ...org }
  const callbackUrls = ['http://localhost:3000/auth/callback']
  const app = { org: 'Globex', callbackUrls, dangerouslyAllowAnyLoopbackCallback: true }
  const scopes = [...new Set([...scope.split(' '), 'api', 'full', 'web', 'custom_permissions'])]
  const labels = ['Portal', 'Caller', 'Stranger']
  const sim = await startSimulator({
    seed: { orgs: [globex], apps: labels.map((label) => ({ ...app, label, scopes })) },
  })
  const log: LogEvent[] = []
  let from = 0
  const server = await listen((req, res) => {
    const { auth, handle } = kit.open(nodeExchange(req, res))
    const guarded = async (): Promise<Reply> => {
      await before?.(auth)
      const guard = guards[req.url?.split('?')[0] ?? '']
      if (guard === undefined) return { status: 404 }
      const caller = async (): Promise<string> =>
        JSON.stringify(auth.bearer() ?? (await auth.session())?.userId ?? null)
      return (await guard(auth)) ?? { status: 200, body: await caller() }
    }
    handle()
      .then(async (reply) => reply ?? (await guarded()))
      .catch((error: unknown): Reply => {
        if (!isSalesforceAuthError(error)) return { status: 500, body: String(error) }
        return { status: error.status, body: JSON.stringify(error) }
      })
      .then((reply) => sendReply(res, reply))
      .catch(() => res.destroy())
  })
  const { clientId, clientSecret } = sim.app('Portal')
  const own = typeof options === 'function' ? options(sim) : options
  const kit = createSalesforceAuth(
    {
      clientId,
      clientSecret,
      scope,
      loginUrl: sim.org('Globex').url + site,
      baseUrl: server.url,
      session: { secret: SECRET },
      now: () => sim.clock.now(),
      logger: (event) => void log.push(event),
      ...own,
    },
    {},
  )
  return {
    sim,
    log,
    url: server.url,
    browser: () => createAgent(server.url),
    async login(username = HANK) {
      const agent = createAgent(server.url)
      await signIn(sim, agent, username)
      return agent
    },
    asked: () => sim.requests.slice(from).map(({ path }) => path),
    forget: () => void (from = sim.requests.length),
    async [Symbol.asyncDispose]() {
      await server.close()
      await sim.close()
    },
  }
}

/** What a guarded route answered: its status, and the code and requirement of a refusal. */
export async function verdict(response: Response): Promise<string> {
  const text = await response.text()
  if (!text.startsWith('{"error":')) return String(response.status)
  const { error, requirement } = JSON.parse(text) as { error: string; requirement?: string }
  return [response.status, error, requirement].filter(Boolean).join(' ')
}
