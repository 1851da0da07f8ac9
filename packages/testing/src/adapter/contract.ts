/**
 * What a host's contract app has to have. Each framework writes this small app once, in whatever shape is natural to
 * it; `describeAdapter` starts it once per scenario and talks to it over HTTP only, so it may live in another process.
 *
 * `auth` is the request's Salesforce session and connection, LIMITS is `/services/data/v64.0/limits`. Texts are
 * `text/plain`, JSON is `application/json`; a status that is not named is 200.
 *
 * | route                | answers                                                                                       |
 * | -------------------- | --------------------------------------------------------------------------------------------- |
 * | `GET /`              | text `home`; asks nothing of the kit                                                          |
 * | `GET /me`            | JSON `await auth.session() ?? null`                                                           |
 * | any method `/guarded`| behind requiresAuth: text `in`; HEAD and OPTIONS reach the guard too                          |
 * | `POST /write`        | behind requiresAuth, then requiresSameOrigin: text, how many writes there were (`1`, `2`, …)  |
 * | `GET /limits`        | no guard: `auth.fetch(LIMITS)`, then text, the status of that call                            |
 * | `GET /cookies`       | sets the cookies `first=1` and `salesforce.side=own` (Path=/), calls `auth.fetch(LIMITS)`     |
 * |                      | twice at once, `auth.saveData({ theme: 'dark' })`, sets the cookie `last=2`; text `set`       |
 * | `GET /cached`        | `auth.fetch(LIMITS)`, then `Cache-Control: public, max-age=600` and text `cached`             |
 * | `GET /throw`         | `auth.fetch(LIMITS)`, sets the header `x-own: 1`, throws `new Error('the handler failed')`    |
 * | `GET /stream`        | sends the head and the text `begin ` at once; only then `auth.fetch(LIMITS)`; ends with the   |
 * |                      | call's status, or with the code of the kit error that it threw                                |
 * | `GET /flushed`       | sends the head alone at once, then as `/stream`, without `begin `                             |
 * | `GET /renewed-stream`| `auth.fetch(LIMITS)` before the head leaves, then as `/stream`                                |
 * | `GET /broken-stream` | sends the head and `begin `, then throws                                                      |
 * | `POST /echo`         | the form it was sent, read by the framework's own means after the kit's middleware, as JSON   |
 *
 * In the scenario `guards` there are more, for GET. What passes is answered by text `in`, where nothing else is said:
 *
 * | route                       | guards                                                                                |
 * | --------------------------- | ------------------------------------------------------------------------------------- |
 * | `/guards/scope`             | requiresScope('api')                                                                   |
 * | `/guards/scopes`            | requiresScope(['api', 'web'])                                                          |
 * | `/guards/org`               | requiresOrg('production')                                                              |
 * | `/guards/profile`           | requiresProfile('Sales User')                                                          |
 * | `/guards/permission-set`    | requiresPermissionSet('Integrations')                                                  |
 * | `/guards/custom-permission` | requiresCustomPermission('Approve_Discounts')                                          |
 * | `/guards/user-type`         | requiresUserType('CSP_LITE_PORTAL')                                                    |
 * | `/guards/any`               | requires(anyOf(requiresProfile('Sales User'), requiresOrg('production')))              |
 * | `/guards/all`               | requires(allOf(requiresScope('api'), requiresOrg('sandbox')))                          |
 * | `/guards/own`               | requires(a guard of the app's own that answers 402 with the text `own`)                |
 * | `/api`                      | requiresBearer, then requiresScope('api'); answers JSON `auth.bearer()`                |
 * | `/api/chat`                 | requiresBearer, then requiresScope('chatbot_api')                                      |
 *
 * An error that a handler throws is answered as the adapter's README recommends: a kit error as `error.toJSON()` with
 * `error.status`, anything else as 500 with the JSON `{ "error": "internal" }`. Other paths are the framework's 404.
 *
 * The scenarios say what is different:
 *
 * | scenario    | the app                                                                                             |
 * | ----------- | --------------------------------------------------------------------------------------------------- |
 * | `standard`  | as above                                                                                            |
 * | `bare`      | no error handler of its own: the framework answers errors, as in production (no stack traces)       |
 * | `renamed`   | option `routes: RENAMED_ROUTES`; `GET /auth/login` is the app's own: text `own`                     |
 * | `disabled`  | option `routes: { login: false, logout: false }`; `GET /connect` answers the reply of               |
 * |             | `auth.login({ returnTo: '/done' })`, `POST /leave` the reply of `auth.logout({ returnTo: '/left' })` |
 * | `mounted`   | everything, kit included, below `/crm` by the framework's own means (router, basePath, prefix);     |
 * |             | outside of it `GET /auth/login` is the app's own: text `own`                                        |
 * | `closed`    | requiresAuth before everything; what passes is answered by text `in`, at any path and method        |
 * | `store`     | option `session: { store: memoryStore() }`                                                          |
 * | `parsed`    | a form parser of the framework's world ran before the kit's middleware                              |
 * | `swallowed` | before the kit's middleware something read the raw body to its end and kept nothing of it           |
 * | `two`       | a second instance, options `name: 'partner', routes: PARTNER_ROUTES`; `GET /names`, behind both     |
 * |             | requiresAuth, default first: JSON list of `(await auth.identity()).username` of both                |
 * | `guards`    | option `bearer: { issuers: [SALESFORCE_LOGIN_URL], clientIds: [SALESFORCE_CLIENT_ID] }`; more routes  |
 * | `connect`   | options `connect: { store: memoryStore() }`; the owner is `userOf` the request's `Cookie` header;      |
 * |             | `GET /connections` answers JSON, the aliases of `await auth.connections.list()`                      |
 * | `tenants`   | a tenancy in place of options: the tenant is the host name of the request's `Host` header, and only  |
 * |             | `localhost` is one, with the options of `standard`                                                   |
 * | `duplicate` | the same instance name twice: refused at the start, or answered as `config/duplicate-name`          |
 * | `unmounted` | `/guarded` without the kit's middleware: refused at the start, or answered as `config/not-mounted`  |
 */
export const SCENARIOS = [
  'standard',
  'bare',
  'renamed',
  'disabled',
  'mounted',
  'closed',
  'store',
  'parsed',
  'swallowed',
  'two',
  'guards',
  'connect',
  'tenants',
  'duplicate',
  'unmounted',
] as const

export type Scenario = (typeof SCENARIOS)[number]

export const LIMITS = '/services/data/v64.0/limits'

export const RENAMED_ROUTES = { login: '/in', callback: '/back/from/salesforce', logout: '/out' } as const

export const PARTNER_ROUTES = {
  login: '/partner/login',
  callback: '/partner/callback',
  logout: '/partner/logout',
} as const

/** Who is signed in to a contract app, which has no sign-in of its own: whom the cookie `user` names. */
export function userOf(cookies: string | null | undefined): string | undefined {
  return /(?:^|; )user=([^;]+)/.exec(cookies ?? '')?.[1]
}

/** JSON only: the host may be another process. */
export interface AdapterSetup {
  readonly scenario: Scenario
  /** Where to listen, on 127.0.0.1. */
  readonly port: number
  /** SALESFORCE_CLIENT_ID, SALESFORCE_CLIENT_SECRET, SALESFORCE_LOGIN_URL, APP_BASE_URL and SESSION_SECRET, complete. */
  readonly env: Readonly<Record<string, string>>
}

export interface AdapterHost {
  /** `http://localhost:<port>`, without a trailing slash. */
  readonly url: string
  close(): Promise<void>
}

/** Starts the contract app and answers when it listens. Rejects when the app refuses to start. */
export type StartAdapter = (setup: AdapterSetup) => Promise<AdapterHost>

export interface AdapterOptions {
  /** Scenarios that cannot be had in this framework, each with the reason: they are counted as skipped. */
  readonly lacks?: Readonly<Partial<Record<Scenario, string>>>
}
