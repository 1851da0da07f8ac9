import { createTenancy, isSalesforceAuthError, memoryStore } from '@orgpass/core'
import type { BearerOptions, Environment, SalesforceAuthOptions } from '@orgpass/core'
import { perEnvironment } from '@orgpass/core/web'
import { LIMITS, PARTNER_ROUTES, RENAMED_ROUTES, userOf } from '@orgpass/testing/contract'
import { Hono } from 'hono'
import type { Context, MiddlewareHandler } from 'hono'
import { env, getRuntimeKey } from 'hono/adapter'
import { setCookie } from 'hono/cookie'
import { stream } from 'hono/streaming'
import { addGuards } from './guards.ts'
import { requiresAuth, requiresSameOrigin, salesforceAuth, salesforceOf, sendReply } from '../../src/index.ts'
import type { SalesforceEnv } from '../../src/index.ts'

const OPTIONS: Partial<Record<string, SalesforceAuthOptions>> = {
  renamed: { routes: RENAMED_ROUTES },
  disabled: { routes: { login: false, logout: false } },
  store: { session: { store: memoryStore() } },
  connect: { connect: { store: memoryStore() } },
}

interface Reach {
  readonly SALESFORCE_LOGIN_URL: string
  readonly SALESFORCE_CLIENT_ID: string
}

function acceptedBy({ SALESFORCE_LOGIN_URL, SALESFORCE_CLIENT_ID }: Reach): BearerOptions {
  return { issuers: [SALESFORCE_LOGIN_URL], clientIds: [SALESFORCE_CLIENT_ID] }
}

const parseBody: MiddlewareHandler = async (c, next) => {
  await c.req.parseBody()
  await next()
}

const swallowBody: MiddlewareHandler = async (c, next) => {
  await c.req.raw.arrayBuffer()
  await next()
}

/** The app that the contract asks for. */
export function contractApp(scenario: string): Hono<SalesforceEnv> {
  const options = { logger: () => undefined, ...OPTIONS[scenario] }
  const app = new Hono<SalesforceEnv>()
  if (scenario === 'parsed') app.use(parseBody)
  if (scenario === 'swallowed') app.use(swallowBody)
  if (scenario === 'guards') {
    app.use(salesforceAuth((env: Reach) => ({ ...options, bearer: acceptedBy(env) })))
    addGuards(app)
  } else if (scenario === 'tenants') {
    // Deno lets nobody read every variable, which Hono would.
    app.use(async (c, next) => tenants(env(c, getRuntimeKey() === 'deno' ? 'node' : undefined))(c, next))
  } else if (scenario !== 'unmounted') {
    app.use(salesforceAuth(options, { owner: (c) => userOf(c.req.header('cookie')) }))
  }
  if (scenario === 'duplicate') app.use(salesforceAuth(options))
  if (scenario === 'two') app.use(salesforceAuth({ ...options, name: 'partner', routes: PARTNER_ROUTES }))
  if (scenario === 'closed') app.use(requiresAuth()).all('*', (c) => c.text('in'))
  if (scenario === 'renamed') app.get('/auth/login', (c) => c.text('own'))
  addPages(app)
  addStreams(app)
  if (scenario !== 'bare') app.onError(answerError)
  if (scenario !== 'mounted') return app
  return new Hono<SalesforceEnv>().route('/crm', app).get('/auth/login', (c) => c.text('own'))
}

/** Its only tenant is this machine by its name. */
const tenants = perEnvironment((environment: Environment) => {
  const tenancy = createTenancy((tenant) => (tenant === 'localhost' ? {} : undefined), { environment })
  return salesforceAuth({ tenancy, tenant: (c) => new URL(c.req.url).hostname })
})

function addPages(app: Hono<SalesforceEnv>): void {
  let writes = 0
  app.get('/', (c) => c.text('home'))
  app.get('/me', async (c) => c.json((await c.var.salesforce.session()) ?? null))
  app.get('/connections', async (c) =>
    c.json((await c.var.salesforce.connections.list()).map(({ info }) => info.alias)),
  )
  app.all('/guarded', requiresAuth(), (c) => c.text('in'))
  app.post('/write', requiresAuth(), requiresSameOrigin(), (c) => c.text(String(++writes)))
  app.get('/limits', async (c) => c.text(String((await c.var.salesforce.fetch(LIMITS)).status)))
  app.get('/cookies', async (c) => {
    setCookie(c, 'first', '1')
    setCookie(c, 'salesforce.side', 'own')
    await Promise.all([c.var.salesforce.fetch(LIMITS), c.var.salesforce.fetch(LIMITS)])
    await c.var.salesforce.saveData({ theme: 'dark' })
    setCookie(c, 'last', '2')
    return c.text('set')
  })
  app.get('/cached', async (c) => {
    await c.var.salesforce.fetch(LIMITS)
    return c.text('cached', 200, { 'cache-control': 'public, max-age=600' })
  })
  app.get('/throw', async (c) => {
    await c.var.salesforce.fetch(LIMITS)
    c.header('x-own', '1')
    throw new Error('the handler failed')
  })
  app.post('/echo', async (c) => c.json(await c.req.parseBody()))
  app.get('/connect', async (c) => sendReply(c, await c.var.salesforce.login({ returnTo: '/done' })))
  app.post('/leave', async (c) => sendReply(c, await c.var.salesforce.logout({ returnTo: '/left' })))
  app.get('/names', requiresAuth(), requiresAuth({ name: 'partner' }), async (c) => {
    const people = [await c.var.salesforce.identity(), await salesforceOf(c, { name: 'partner' }).identity()]
    return c.json(people.map(({ username }) => username))
  })
}

function addStreams(app: Hono<SalesforceEnv>): void {
  const streamed = (c: Context<SalesforceEnv>, begin = ''): Response =>
    stream(c, async (body) => {
      await body.write(begin)
      try {
        await body.write(String((await c.var.salesforce.fetch(LIMITS)).status))
      } catch (error) {
        if (!isSalesforceAuthError(error)) throw error
        await body.write(error.code)
      }
    })
  app.get('/stream', (c) => streamed(c, 'begin '))
  app.get('/flushed', (c) => streamed(c))
  app.get('/renewed-stream', async (c) => {
    await c.var.salesforce.fetch(LIMITS)
    return streamed(c, 'begin ')
  })
  app.get('/broken-stream', (c) =>
    stream(c, async (body) => {
      await body.write('begin ')
      throw new Error('the stream failed')
    }),
  )
}

function answerError(error: Error, c: Context): Response {
  return isSalesforceAuthError(error)
    ? Response.json(error, { status: error.status })
    : c.json({ error: 'internal' }, 500)
}
