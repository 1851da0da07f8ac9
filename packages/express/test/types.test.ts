import type { RequestAuth, Session } from '@orgpass/core'
import type { Request, RequestHandler } from 'express'
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

it('the request says what is there, without a cast', () => {
  expectTypeOf<Request['salesforce']>().toEqualTypeOf<RequestAuth>()
  expectTypeOf(salesforceOf).returns.toEqualTypeOf<RequestAuth>()
  const handler: RequestHandler = async (req, res) => {
    expectTypeOf(await req.salesforce.session()).toEqualTypeOf<Session | undefined>()
    expectTypeOf((await req.salesforce.identity()).username).toEqualTypeOf<string>()
    expectTypeOf(req.salesforce.bearer()?.orgId).toEqualTypeOf<string | undefined>()
    res.end()
  }
  expect(handler).toBeTypeOf('function')
})

it('guards take one name or a list of them, and are handlers', () => {
  const guards: RequestHandler[] = [
    requiresAuth({ name: 'partner' }),
    requiresBearer(),
    requiresScope('api'),
    requiresScope(['api', 'web'] as const, { name: 'partner' }),
    requiresOrg('sandbox'),
    requires(async (auth) => ((await auth.session()) === undefined ? auth.challenge() : undefined)),
  ]
  expect(guards.every((guard) => typeof guard === 'function')).toBe(true)
})

it('mistakes do not compile', () => {
  const mistakes = (req: Request): unknown[] => [
    // @ts-expect-error -- the session is a promise
    req.salesforce.session().orgId,
    // @ts-expect-error -- it is the kit's to set
    (req.salesforce = {}),
    // @ts-expect-error -- a name is text
    salesforceOf(req, { name: 1 }),
    // @ts-expect-error -- there is no such option
    salesforceAuth({ clientID: 'x' }),
    // @ts-expect-error -- this guard takes no list
    requiresAuth(['api']),
    // @ts-expect-error -- nothing is required
    requiresScope(),
    // @ts-expect-error -- scopes are text
    requiresScope([1]),
    // @ts-expect-error -- a guard answers a reply, not a verdict
    requires(async () => false),
    // @ts-expect-error -- the tokens are not on the request
    req.salesforce.tokens,
  ]
  expect(mistakes).toBeTypeOf('function')
})
