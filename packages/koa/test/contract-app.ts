import { PassThrough } from 'node:stream'
import { bodyParser } from '@koa/bodyparser'
import Router from '@koa/router'
import { isSalesforceAuthError, memoryStore } from '@orgpass/core'
import type { SalesforceAuthOptions } from '@orgpass/core'
import { createSalesforceAuth, createTenancy } from '@orgpass/core/node'
import { LIMITS, PARTNER_ROUTES, RENAMED_ROUTES, userOf } from '@orgpass/testing/adapter'
import type { AdapterSetup, Scenario } from '@orgpass/testing/adapter'
import type Koa from 'koa'
import type { Middleware } from 'koa'
import mount from 'koa-mount'
import { requiresAuth, requiresSameOrigin, salesforceAuth, salesforceOf, sendReply } from '../src/index.ts'
import type { SalesforceState } from '../src/index.ts'
import { guardRoutes } from './contract-guards.ts'

const OPTIONS: Partial<Record<Scenario, SalesforceAuthOptions>> = {
  renamed: { routes: RENAMED_ROUTES },
  disabled: { routes: { login: false, logout: false } },
}

/** The app that the contract asks for. */
export function contractApp(Framework: typeof Koa, { scenario, env }: AdapterSetup): Koa<SalesforceState> {
  const { SALESFORCE_LOGIN_URL = '', SALESFORCE_CLIENT_ID = '' } = env
  const bearer = { issuers: [SALESFORCE_LOGIN_URL], clientIds: [SALESFORCE_CLIENT_ID] }
  const salesforce = (more: SalesforceAuthOptions = {}): Middleware<SalesforceState> =>
    salesforceAuth(createSalesforceAuth({ logger: () => undefined, ...OPTIONS[scenario], ...more }, env), {
      owner: (ctx) => userOf(ctx.headers.cookie),
    })
  const tenancy = createTenancy((tenant) => (tenant === 'localhost' ? {} : undefined), { environment: env })

  const app = new Framework<SalesforceState>()
  app.silent = true
  if (scenario !== 'bare') app.use(asJson)
  if (scenario === 'parsed') app.use(bodyParser())
  if (scenario === 'swallowed') app.use(swallow)
  if (scenario === 'store') app.use(salesforce({ session: { store: memoryStore() } }))
  else if (scenario === 'guards') app.use(salesforce({ bearer }))
  else if (scenario === 'connect') app.use(salesforce({ connect: { store: memoryStore() } }))
  else if (scenario === 'tenants') app.use(salesforceAuth({ tenancy, tenant: (ctx) => ctx.hostname }))
  else if (scenario !== 'unmounted') app.use(salesforce())
  if (scenario === 'duplicate') app.use(salesforce())
  if (scenario === 'two')
    app.use(salesforceAuth(createSalesforceAuth({ name: 'partner', routes: PARTNER_ROUTES }, env)))
  if (scenario === 'closed') app.use(requiresAuth()).use((ctx) => void (ctx.body = 'in'))
  app.use(pages().routes()).use(streams().routes())
  if (scenario === 'guards') app.use(guardRoutes().routes())

  const own = new Router<SalesforceState>().get('/auth/login', (ctx) => void (ctx.body = 'own'))
  if (scenario === 'renamed') app.use(own.routes())
  if (scenario !== 'mounted') return app
  const outer = new Framework<SalesforceState>()
  outer.use(own.routes())
  outer.use(mount('/crm', app))
  return outer
}

function pages(): Router<SalesforceState> {
  let writes = 0
  const router = new Router<SalesforceState>()
  router.get('/', (ctx) => void (ctx.body = 'home'))
  router.get('/me', async (ctx) => {
    ctx.type = 'json'
    ctx.body = JSON.stringify((await ctx.state.salesforce.session()) ?? null)
  })
  router.get('/connections', async (ctx) => {
    ctx.body = (await ctx.state.salesforce.connections.list()).map(({ info }) => info.alias)
  })
  router.all('/guarded', requiresAuth(), (ctx) => void (ctx.body = 'in'))
  router.post('/write', requiresAuth(), requiresSameOrigin(), (ctx) => void (ctx.body = String(++writes)))
  router.get('/limits', async (ctx) => {
    ctx.body = String((await ctx.state.salesforce.fetch(LIMITS)).status)
  })
  router.get('/cookies', async (ctx) => {
    const { salesforce } = ctx.state
    ctx.cookies.set('first', '1')
    ctx.append('set-cookie', 'salesforce.side=own; Path=/')
    await Promise.all([salesforce.fetch(LIMITS), salesforce.fetch(LIMITS)])
    await salesforce.saveData({ theme: 'dark' })
    ctx.cookies.set('last', '2')
    ctx.body = 'set'
  })
  router.get('/cached', async (ctx) => {
    await ctx.state.salesforce.fetch(LIMITS)
    ctx.set('cache-control', 'public, max-age=600')
    ctx.body = 'cached'
  })
  router.get('/throw', async (ctx) => {
    await ctx.state.salesforce.fetch(LIMITS)
    ctx.set('x-own', '1')
    throw new Error('the handler failed')
  })
  router.post('/echo', bodyParser(), (ctx) => void (ctx.body = ctx.request.body))
  router.get('/connect', async (ctx) => sendReply(ctx, await ctx.state.salesforce.login({ returnTo: '/done' })))
  router.post('/leave', async (ctx) => sendReply(ctx, await ctx.state.salesforce.logout({ returnTo: '/left' })))
  router.get('/names', requiresAuth(), requiresAuth({ name: 'partner' }), async (ctx) => {
    const people = [await salesforceOf(ctx).identity(), await salesforceOf(ctx, { name: 'partner' }).identity()]
    ctx.body = people.map(({ username }) => username)
  })
  return router
}

function streams(): Router<SalesforceState> {
  type Ctx = Parameters<Middleware<SalesforceState>>[0]
  const finish = async (ctx: Ctx, stream: PassThrough): Promise<void> => {
    try {
      stream.end(String((await ctx.state.salesforce.fetch(LIMITS)).status))
    } catch (error) {
      stream.end(isSalesforceAuthError(error) ? error.code : 'internal')
    }
  }
  const begin = (ctx: Ctx, text: string): PassThrough => {
    const stream = new PassThrough()
    ctx.type = 'text'
    ctx.body = stream
    if (text === '') ctx.flushHeaders()
    else stream.write(text)
    return stream
  }
  const router = new Router<SalesforceState>()
  router.get('/stream', (ctx) => void finish(ctx, begin(ctx, 'begin ')))
  router.get('/flushed', (ctx) => void finish(ctx, begin(ctx, '')))
  router.get('/renewed-stream', async (ctx) => {
    await ctx.state.salesforce.fetch(LIMITS)
    void finish(ctx, begin(ctx, 'begin '))
  })
  router.get('/broken-stream', (ctx) => {
    const stream = begin(ctx, 'begin ')
    // Koa 2 leaves the response of a broken stream open.
    stream.once('error', () => ctx.res.destroy())
    setTimeout(() => stream.destroy(new Error('the stream failed')), 20)
  })
  return router
}

const asJson: Middleware<object> = async (ctx, next) => {
  try {
    await next()
  } catch (error) {
    const known = isSalesforceAuthError(error)
    ctx.status = known ? error.status : 500
    ctx.body = known ? error.toJSON() : { error: 'internal' }
  }
}

const swallow: Middleware<object> = async (ctx, next) => {
  for await (const _ of ctx.req);
  await next()
}
