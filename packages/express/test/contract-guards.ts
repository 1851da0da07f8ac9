import { allOf, anyOf } from '@orgpass/core'
import * as core from '@orgpass/core'
import type express5 from 'express'
import type { RequestHandler, Router } from 'express'
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

/** The guarded routes that the contract asks for. */
export function guardRoutes(express: typeof express5): Router {
  const router = express.Router()
  const passed: RequestHandler = (_req, res) => void res.type('text').send('in')
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
  router.get('/api', requiresBearer(), requiresScope('api'), (req, res) => void res.json(req.salesforce.bearer()))
  router.get('/api/chat', requiresBearer(), requiresScope('chatbot_api'), passed)
  return router
}
