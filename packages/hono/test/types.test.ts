import type { RequestAuth } from '@orgpass/core'
import { createSalesforceAuth } from '@orgpass/core'
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { expect, expectTypeOf, it } from 'vitest'
import { requiresAuth, salesforceAuth, salesforceOf, sendReply } from '../src/index.ts'
import type { SalesforceEnv } from '../src/index.ts'

interface Bindings {
  readonly APP_NAME: string
  readonly SESSIONS: { readonly idFromName: (name: string) => object }
}

it('an app declares what its context has', () => {
  const app = new Hono<SalesforceEnv>()
  app.use(salesforceAuth())
  app.get('/me', requiresAuth(), async (c) => {
    expectTypeOf(c.var.salesforce).toEqualTypeOf<RequestAuth>()
    expectTypeOf(c.get('salesforce')).toEqualTypeOf<RequestAuth>()
    // @ts-expect-error -- no instance has this name
    expectTypeOf(c.var.partner).toBeAny()
    // @ts-expect-error -- the session is a promise
    void c.var.salesforce.session().orgId
    return c.json(await c.var.salesforce.identity())
  })
  expectTypeOf(salesforceOf).returns.toEqualTypeOf<RequestAuth>()
})

it('a chain infers it, each instance by its name', () => {
  new Hono()
    .use(salesforceAuth())
    .use(salesforceAuth({ name: 'partner', routes: { login: '/partner/login' } }))
    .get('/names', requiresAuth({ name: 'partner' }), (c) => {
      expectTypeOf(c.var.salesforce).toEqualTypeOf<RequestAuth>()
      expectTypeOf(c.var.partner).toEqualTypeOf<RequestAuth>()
      // @ts-expect-error -- no instance has this name
      return c.json(c.var.other)
    })
})

it('a ready instance is the default one, or named by the type argument', () => {
  const kit = createSalesforceAuth(
    { clientId: 'a', clientSecret: 'b', loginUrl: 'https://a.my.salesforce.com', baseUrl: 'http://localhost' },
    {},
  )
  new Hono().use(salesforceAuth(kit)).get('/', (c) => {
    expectTypeOf(c.var.salesforce).toEqualTypeOf<RequestAuth>()
    // @ts-expect-error -- only the default name is known
    return c.json(c.var.partner)
  })
  new Hono().use(salesforceAuth<'partner'>(kit)).get('/', (c) => {
    expectTypeOf(c.var.partner).toEqualTypeOf<RequestAuth>()
    return c.body(null)
  })
})

it('a function takes the bindings of the app', () => {
  const app = new Hono<SalesforceEnv & { Bindings: Bindings }>()
  app.use(salesforceAuth((env: Bindings) => ({ scope: env.APP_NAME, routes: { login: false } })))
  app.get('/', async (c) => {
    expectTypeOf(c.env.SESSIONS).toEqualTypeOf<Bindings['SESSIONS']>()
    return sendReply(c, await c.var.salesforce.login())
  })
  // @ts-expect-error -- not a binding
  salesforceAuth((env: Bindings) => ({ scope: env.OTHER }))
  new Hono()
    .use(salesforceAuth<'partner', Bindings>((env) => ({ name: 'partner', scope: env.APP_NAME })))
    .get('/', (c) => {
      expectTypeOf(c.var.partner).toEqualTypeOf<RequestAuth>()
      return c.text(c.env.APP_NAME)
    })
})

it('middleware of the app declares that it stands behind the kit', () => {
  const named = createMiddleware<SalesforceEnv>(async (c, next) => {
    expectTypeOf(c.var.salesforce).toEqualTypeOf<RequestAuth>()
    await next()
  })
  new Hono<SalesforceEnv>().use(salesforceAuth(), named)
})

it('mistakes do not compile', () => {
  // @ts-expect-error -- there is no such option
  expectTypeOf(salesforceAuth({ clientID: 'a' })).toBeFunction()
  // @ts-expect-error -- a name is text
  expect(() => requiresAuth({ name: 1 })).toThrow("in place of options such as { name: 'partner' }")
  expect(salesforceAuth()).toBeTypeOf('function')
})
