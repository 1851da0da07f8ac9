import Router from '@koa/router'
import type { RequestAuth, Session } from '@orgpass/core'
import { createSalesforceAuth } from '@orgpass/core/node'
import Koa from 'koa'
import type { Context, Middleware } from 'koa'
import { expect, expectTypeOf, it } from 'vitest'
import {
  requires,
  requiresAuth,
  requiresBearer,
  requiresOrg,
  requiresScope,
  salesforceAuth,
  salesforceOf,
} from '../src/index.ts'
import type { SalesforceState } from '../src/index.ts'

const env = {
  SALESFORCE_CLIENT_ID: 'an-app',
  SALESFORCE_CLIENT_SECRET: 'a-secret',
  SALESFORCE_LOGIN_URL: 'https://acme.my.salesforce.com',
  APP_BASE_URL: 'http://localhost:3000',
  SESSION_SECRET: 'a session secret of the tests 0123456789 abcdef',
}
const instance = createSalesforceAuth({}, env)

it('an app that names its state has it in every middleware and route, without a cast', () => {
  const app = new Koa<SalesforceState>()
  app.use(salesforceAuth(instance))
  app.use(requiresAuth())
  app.use(async (ctx) => {
    expectTypeOf(ctx.state.salesforce).toEqualTypeOf<RequestAuth>()
    expectTypeOf(await ctx.state.salesforce.session()).toEqualTypeOf<Session | undefined>()
    expectTypeOf((await ctx.state.salesforce.identity()).username).toEqualTypeOf<string>()
  })
  const router = new Router<SalesforceState>()
  router.get('/api', requiresBearer(), requiresScope('api'), (ctx) => {
    expectTypeOf(ctx.state.salesforce.bearer()?.orgId).toEqualTypeOf<string | undefined>()
  })
  app.use(router.routes())
  expect(app.middleware).toHaveLength(4)
})

it('a chain learns it from the middleware, under whatever name it has', () => {
  const app = new Koa<object>().use(salesforceAuth(instance)).use((ctx) => {
    expectTypeOf(ctx.state.salesforce).toEqualTypeOf<RequestAuth>()
  })
  const two = app.use(salesforceAuth<'partner'>(createSalesforceAuth({ name: 'partner' }, env))).use((ctx) => {
    expectTypeOf(ctx.state.salesforce).toEqualTypeOf<RequestAuth>()
    expectTypeOf(ctx.state.partner).toEqualTypeOf<RequestAuth>()
  })
  const named = () => salesforceAuth({ name: 'partner' })
  expectTypeOf(named).returns.toEqualTypeOf<Middleware<SalesforceState<'partner'>>>()
  expect(two).toBe(app)
})

it('mistakes do not compile', () => {
  const mistakes = (ctx: Context, app: Koa<SalesforceState>): unknown[] => [
    // @ts-expect-error -- nothing was mounted that would put it there
    new Koa<object>().use((bare) => bare.state.salesforce),
    // @ts-expect-error -- the session is a promise
    app.use((typed) => typed.state.salesforce.session().orgId),
    // @ts-expect-error -- it is the kit's to set
    app.use((typed) => (typed.state.salesforce = salesforceOf(typed))),
    // @ts-expect-error -- no instance of that name is mounted
    app.use((typed) => typed.state.partner),
    // @ts-expect-error -- a name is text
    salesforceOf(ctx, { name: 1 }),
    // @ts-expect-error -- there is no such option
    salesforceAuth({ clientID: 'x' }),
    // @ts-expect-error -- this guard takes no list
    requiresAuth(['api']),
    // @ts-expect-error -- nothing is required
    requiresOrg(),
    // @ts-expect-error -- a guard answers a reply, not a verdict
    requires(async () => false),
  ]
  expect(mistakes).toBeTypeOf('function')
})
