import { allOf, anyOf, requiresOrg as org, requiresProfile as profile, requiresScope as scope } from '@orgpass/core'
import type { Hono } from 'hono'
import {
  requires,
  requiresBearer,
  requiresCustomPermission,
  requiresOrg,
  requiresPermissionSet,
  requiresProfile,
  requiresScope,
  requiresUserType,
} from '../../src/index.ts'
import type { SalesforceEnv } from '../../src/index.ts'

/** The routes of the scenario `guards`. */
export function addGuards(app: Hono<SalesforceEnv>): void {
  const own = requires(async () => ({ status: 402, headers: { 'content-type': 'text/plain' }, body: 'own' }))
  const guards = {
    scope: requiresScope('api'),
    scopes: requiresScope(['api', 'web']),
    org: requiresOrg('production'),
    profile: requiresProfile('Sales User'),
    'permission-set': requiresPermissionSet('Integrations'),
    'custom-permission': requiresCustomPermission('Approve_Discounts'),
    'user-type': requiresUserType('CSP_LITE_PORTAL'),
    any: requires(anyOf(profile('Sales User'), org('production'))),
    all: requires(allOf(scope('api'), org('sandbox'))),
    own,
  }
  for (const [name, guard] of Object.entries(guards)) app.get(`/guards/${name}`, guard, (c) => c.text('in'))
  app.use('/api/*', requiresBearer())
  app.get('/api', requiresScope('api'), (c) => c.json(c.var.salesforce.bearer()))
  app.get('/api/chat', requiresScope('chatbot_api'), (c) => c.text('in'))
}
