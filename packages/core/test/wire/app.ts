import { createAgent, listen } from '@orgpass/testing'
import type { Agent, AgentOptions } from '@orgpass/testing'
import { isSalesforceAuthError } from '../../src/index.ts'
import type { LogEvent, Reply, RequestAuth, SalesforceAuthOptions } from '../../src/index.ts'
import { createSalesforceAuth, nodeExchange, sendReply } from '../../src/node.ts'

/** What a page of the app answers, by path. */
export type Pages = Readonly<Record<string, (auth: RequestAuth) => Promise<unknown>>>

export interface App extends AsyncDisposable {
  readonly url: string
  readonly log: readonly LogEvent[]
  /** A browser with nobody logged in. */
  browser(options?: AgentOptions): Agent
}

/** A small app on node:http: the auth routes, pages that answer JSON, errors answered by their own status. */
export async function startApp(
  configure: (url: string) => Promise<SalesforceAuthOptions>,
  pages: Pages = {},
): Promise<App> {
  const log: LogEvent[] = []
  const server = await listen((req, res) => {
    const { auth, handle } = kit.open(nodeExchange(req, res))
    handle()
      .then(async (reply) => reply ?? (await showPage(auth, pages[req.url ?? ''])))
      .catch((error: unknown): Reply => {
        const status = isSalesforceAuthError(error) ? error.status : 500
        return { status, body: isSalesforceAuthError(error) ? JSON.stringify(error) : String(error) }
      })
      .then((reply) => sendReply(res, reply))
      .catch((error: unknown) => res.destroy(error instanceof Error ? error : undefined))
  })
  const defaults = { baseUrl: server.url, logger: (event: LogEvent) => void log.push(event) }
  const secret = 'a session secret of the tests, long enough: 0123456789'
  const options = await configure(server.url)
  const kit = createSalesforceAuth({ ...defaults, session: { secret }, ...options }, {})
  return {
    log,
    url: server.url,
    browser: (how) => createAgent(options.baseUrl ?? server.url, how),
    [Symbol.asyncDispose]: () => server.close(),
  }
}

async function showPage(auth: RequestAuth, page: Pages[string] | undefined): Promise<Reply> {
  if (page === undefined) return { status: 404, body: '"nothing here"' }
  return { status: 200, body: JSON.stringify((await page(auth)) ?? null) }
}

/** What a response says: the code of an error of this kit, or its status. */
export async function outcome(response: Response): Promise<string> {
  const text = await response.text()
  const { error } = text.startsWith('{"error":') ? (JSON.parse(text) as { error: string }) : {}
  return error === undefined ? String(response.status) : `${response.status} ${error}`
}
