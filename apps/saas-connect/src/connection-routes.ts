import type { KeyValueStore } from '@orgpass/core'
import { requiresSameOrigin } from '@orgpass/express'
import type { Demo } from '@orgpass/sample-host'
import express, { Router } from 'express'
import { countAccounts } from './count-accounts.ts'
import { findCount } from './counts.ts'
import type { SignIn } from './sign-in.ts'
import { connectionsPage } from './views/connections-page.ts'
import { failurePage } from './views/failure-page.ts'

interface ConnectionContext {
  readonly signIn: SignIn
  readonly store: KeyValueStore
  readonly demo?: Demo
}

/** What a tenant's people do with its connections; connecting and disconnecting are routes of the kit. */
export function connectionRoutes({ signIn, store, demo }: ConnectionContext): Router {
  const router = Router()
  const form = express.urlencoded({ extended: false, limit: '8kb' })
  router.get('/', async (req, res) => {
    const person = signIn.personOf(req)
    if (person === undefined) return res.redirect(303, '/')
    const { connections } = req.salesforce
    const [all, byDefault] = await Promise.all([connections.list(), connections.default()])
    const rows = await Promise.all(
      all.map(async ({ info }) => ({
        ...info,
        isDefault: info.id === byDefault?.id,
        count: await findCount(store, info.id),
      })),
    )
    // What a browser keeps, it would show to whoever sits there next.
    res.set('cache-control', 'no-store').send(connectionsPage({ person, rows, demo }).text)
  })
  router.post('/:id/alias', requiresSameOrigin(), form, async (req, res) => {
    const { alias = '' } = (req.body ?? {}) as { alias?: string }
    await req.salesforce.connections.rename(String(req.params['id']), alias)
    res.redirect(303, '/connections')
  })
  router.post('/:id/default', requiresSameOrigin(), async (req, res) => {
    await req.salesforce.connections.makeDefault(String(req.params['id']))
    res.redirect(303, '/connections')
  })
  router.post('/:id/count', requiresSameOrigin(), async (req, res) => {
    const connection = await req.salesforce.connections.get(String(req.params['id']))
    if (connection === undefined) {
      return void res.status(404).send(failurePage({ message: 'There is no such connection.' }).text)
    }
    await countAccounts(connection, store)
    res.redirect(303, '/connections')
  })
  return router
}
