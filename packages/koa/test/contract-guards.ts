import Router from '@koa/router'
import { allOf, anyOf } from '@orgpass/core'
import * as core from '@orgpass/core'
import type { Middleware } from 'koa'
import {
  requires,
  requiresBearer,
  requiresCustomPermission,
  requiresOrg,
  requiresPermissionSet,
  requiresProfile,
  requiresScope,
  requiresUserType,
} from '../src/index.ts'
import type { SalesforceState } from '../src/index.ts'

/** The guarded routes that the contract asks for. */
export function guardRoutes(): Router<SalesforceState> {
  const router = new Router<SalesforceState>()
  const passed: Middleware<object> = (ctx) => void (ctx.body = 'in')
  router.get('/guards/scope', requiresScope('api'), passed)
  router.get('/guards/scopes', requiresScope(['api', 'web']), passed)
  router.get('/guards/org', requiresOrg('production'), passed)
  router.get('/guards/profile', requiresProfile('Sales User'), passed)
  router.get('/guards/permission-set', requiresPermissionSet('Integrations'), passed)
  router.get('/guards/custom-permission', requiresCustomPermission('Approve_Discounts'), passed)
  router.get('/guards/user-type', requiresUserType('CSP_LITE_PORTAL'), passed)
  router.get('/guards/any', requires(anyOf(core.requiresProfile('Sales User'), core.requiresOrg('production'))), passed)
  router.get('/guards/all', requires(allOf(core.requiresScope('api'), core.requiresOrg('sandbox'))), passed)
  router.get(
    '/guards/own',
    requires(async () => ({ status: 402, body: 'own' })),
    passed,
  )
  router.get('/api', requiresBearer(), requiresScope('api'), (ctx) => void (ctx.body = ctx.state.salesforce.bearer()))
  router.get('/api/chat', requiresBearer(), requiresScope('chatbot_api'), passed)
  return router
}
