import { buildSalesforceAuth } from './auth/salesforce-auth.ts'
import type { SalesforceAuth } from './auth/salesforce-auth.ts'
import type { Exchange } from './http/exchange.ts'
import type { Fetch } from './net/http-client.ts'
import type { SalesforceAuthOptions } from './options.ts'

/** Who is logged in, and who answers in the place of Salesforce. */
export interface TestLogin {
  /** @default '00D000000000001EAA' */
  orgId?: string
  /** @default '005000000000001AAA' */
  userId?: string
  /** @default ['api', 'id', 'refresh_token'] */
  scope?: readonly string[]
  /** Answers calls to the org, and what guards ask. @default every call fails */
  fetch?: Fetch
  /** What the instance should be besides, such as its `name` or `baseUrl`. */
  options?: Omit<SalesforceAuthOptions, 'fetch' | 'scope'>
}

const ORG = 'https://for-tests.my.salesforce.com'

/**
 * For tests only: an instance for which the same user is logged in with every request, whatever its cookies say. Put it
 * in the place of your own. All else is real: guards judge, and a logout ends the session for good. Nothing leaves this
 * process; what the app asks of Salesforce goes to `fetch`.
 */
export async function loggedInAs(login: TestLogin = {}): Promise<SalesforceAuth> {
  const { orgId = '00D000000000001EAA', userId = '005000000000001AAA', fetch = unanswered, options } = login
  const scope = login.scope ?? ['api', 'id', 'refresh_token']
  const token = {
    access_token: 'for-tests-only',
    refresh_token: 'for-tests-only',
    instance_url: ORG,
    id: `${ORG}/id/${orgId}/${userId}`,
    issued_at: String(Date.now()),
    scope: scope.join(' '),
    token_type: 'Bearer',
  }
  const given: SalesforceAuthOptions = {
    clientId: 'for-tests-only',
    clientSecret: 'for-tests-only',
    loginUrl: ORG,
    baseUrl: 'http://localhost',
    session: { secret: crypto.randomUUID() + crypto.randomUUID() },
    logger: () => undefined,
    ...options,
    scope,
    fetch: async (url, init) => (pathOf(url) === '/services/oauth2/token' ? Response.json(token) : fetch(url, init)),
  }
  const salesforce = buildSalesforceAuth(given, {})
  const open = salesforce.open.bind(salesforce)
  const cookie = await logIn(open)
  const loggedIn = (exchange: Exchange): Exchange => {
    const header: Exchange['header'] = (name) => (name === 'cookie' ? cookie : exchange.header(name))
    // Not a copy: whether it is committed changes.
    return Object.create(exchange, { header: { value: header } })
  }
  salesforce.open = (exchange) => open(loggedIn(exchange))
  salesforce.openHandshake = (exchange) => open(loggedIn(exchange)).auth
  return salesforce
}

/** Logs the user in as a browser would, and answers the cookie. */
async function logIn(open: SalesforceAuth['open']): Promise<string> {
  const cookies = new Map<string, string>()
  const header = (): string => [...cookies.values()].join('; ')
  const visit = (target: string): Exchange => ({
    method: 'GET',
    target,
    header: (name) => (name === 'cookie' ? header() : undefined),
    form: async () => new URLSearchParams(),
    setCookie: (name, line) => void cookies.set(name, line.slice(0, line.indexOf(';'))),
    committed: false,
  })
  const { location = '' } = await open(visit('/')).auth.login()
  const { searchParams } = new URL(location)
  const callback = new URL(searchParams.get('redirect_uri') ?? '').pathname
  await open(visit(`${callback}?code=for-tests-only&state=${searchParams.get('state')}`)).handle()
  return header()
}

const unanswered: Fetch = async (url) => {
  throw new TypeError(`This test answers no call to ${pathOf(url)}: give loggedInAs({ fetch }).`)
}

function pathOf(url: Parameters<Fetch>[0]): string {
  return new URL(url instanceof Request ? url.url : url).pathname
}
