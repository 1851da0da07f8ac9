import { isSalesforceAuthError, memoryStore } from '@orgpass/core'
import type { SalesforceAuthOptions } from '@orgpass/core'
import { createSalesforceAuth, createTenancy } from '@orgpass/core/node'
import { LIMITS, PARTNER_ROUTES, RENAMED_ROUTES, userOf } from '@orgpass/testing/adapter'
import type { AdapterSetup, Scenario } from '@orgpass/testing/adapter'
import type express5 from 'express'
import type { ErrorRequestHandler, Express, IRouter, RequestHandler, Response } from 'express'
import { requiresAuth, requiresSameOrigin, salesforceAuth, salesforceOf, sendReply } from '../src/index.ts'
import { guardRoutes } from './contract-guards.ts'
import { page } from './stage.ts'

const OPTIONS: Partial<Record<Scenario, SalesforceAuthOptions>> = {
  renamed: { routes: RENAMED_ROUTES },
  disabled: { routes: { login: false, logout: false } },
}

/** The app that the contract asks for. */
export function contractApp(express: typeof express5, { scenario, env }: AdapterSetup): Express {
  const { SALESFORCE_LOGIN_URL = '', SALESFORCE_CLIENT_ID = '' } = env
  const bearer = { issuers: [SALESFORCE_LOGIN_URL], clientIds: [SALESFORCE_CLIENT_ID] }
  const salesforce = (more: SalesforceAuthOptions = {}): RequestHandler =>
    salesforceAuth(createSalesforceAuth({ logger: () => undefined, ...OPTIONS[scenario], ...more }, env), {
      owner: (req) => userOf(req.headers.cookie),
    })
  const tenancy = createTenancy((tenant) => (tenant === 'localhost' ? {} : undefined), { environment: env })

  const app = express()
  // Under test Express prints no errors; in production it shows no stack traces.
  app.set('env', scenario === 'bare' ? 'production' : 'test')
  const router: IRouter = scenario === 'mounted' ? express.Router() : app
  if (router !== app) app.use('/crm', router)
  if (scenario === 'parsed') router.use(express.urlencoded({ extended: true }))
  if (scenario === 'swallowed') router.use((req, _res, next) => void req.resume().once('end', () => next()))
  if (scenario === 'store') router.use(salesforce({ session: { store: memoryStore() } }))
  else if (scenario === 'guards') router.use(salesforce({ bearer }))
  else if (scenario === 'connect') router.use(salesforce({ connect: { store: memoryStore() } }))
  else if (scenario === 'tenants') router.use(salesforceAuth({ tenancy, tenant: (req) => req.hostname }))
  else if (scenario !== 'unmounted') router.use(salesforce())
  if (scenario === 'duplicate') router.use(salesforce())
  if (scenario === 'two') router.use(salesforce({ name: 'partner', routes: PARTNER_ROUTES }))
  if (scenario === 'closed') router.use(requiresAuth(), (_req, res) => void res.type('text').send('in'))

  addPages(router, express)
  addStreams(router)
  if (scenario === 'guards') router.use(guardRoutes(express))
  if (scenario === 'renamed') app.get('/auth/login', (_req, res) => void res.send('own'))
  if (scenario === 'mounted') app.get('/auth/login', (_req, res) => void res.send('own'))
  if (scenario !== 'bare') app.use(asJson)
  return app
}

function addPages(app: IRouter, express: typeof express5): void {
  let writes = 0
  app.get('/', (_req, res) => void res.type('text').send('home'))
  app.get(
    '/me',
    page(async (req, res) => res.json((await req.salesforce.session()) ?? null)),
  )
  app.all('/guarded', requiresAuth(), (_req, res) => void res.type('text').send('in'))
  app.post('/write', requiresAuth(), requiresSameOrigin(), (_req, res) => void res.type('text').send(String(++writes)))
  app.get(
    '/limits',
    page(async (req, res) => res.type('text').send(String((await req.salesforce.fetch(LIMITS)).status))),
  )
  app.get(
    '/cookies',
    page(async (req, res) => {
      res.cookie('first', '1').append('set-cookie', 'salesforce.side=own; Path=/')
      await Promise.all([req.salesforce.fetch(LIMITS), req.salesforce.fetch(LIMITS)])
      await req.salesforce.saveData({ theme: 'dark' })
      res.cookie('last', '2').type('text').send('set')
    }),
  )
  app.get(
    '/cached',
    page(async (req, res) => {
      await req.salesforce.fetch(LIMITS)
      res.set('cache-control', 'public, max-age=600').type('text').send('cached')
    }),
  )
  app.get(
    '/throw',
    page(async (req, res) => {
      await req.salesforce.fetch(LIMITS)
      res.set('x-own', '1')
      throw new Error('the handler failed')
    }),
  )
  app.get(
    '/connections',
    page(async (req, res) => res.json((await req.salesforce.connections.list()).map(({ info }) => info.alias))),
  )
  app.post('/echo', express.urlencoded({ extended: false }), (req, res) => void res.json(req.body))
  app.get(
    '/connect',
    page(async (req, res) => sendReply(res, await req.salesforce.login({ returnTo: '/done' }))),
  )
  app.post(
    '/leave',
    page(async (req, res) => sendReply(res, await req.salesforce.logout({ returnTo: '/left' }))),
  )
  app.get(
    '/names',
    requiresAuth(),
    requiresAuth({ name: 'partner' }),
    page(async (req, res) => {
      const people = [await req.salesforce.identity(), await salesforceOf(req, { name: 'partner' }).identity()]
      res.json(people.map(({ username }) => username))
    }),
  )
}

function addStreams(app: IRouter): void {
  const finish = async (req: Express.Request, res: Response): Promise<void> => {
    try {
      res.end(String((await req.salesforce.fetch(LIMITS)).status))
    } catch (error) {
      if (!isSalesforceAuthError(error)) throw error
      res.end(error.code)
    }
  }
  app.get(
    '/stream',
    page(async (req, res) => {
      res.type('text').write('begin ')
      await finish(req, res)
    }),
  )
  app.get(
    '/flushed',
    page(async (req, res) => {
      res.type('text').flushHeaders()
      await finish(req, res)
    }),
  )
  app.get(
    '/renewed-stream',
    page(async (req, res) => {
      await req.salesforce.fetch(LIMITS)
      res.type('text').write('begin ')
      await finish(req, res)
    }),
  )
  app.get(
    '/broken-stream',
    page(async (_req, res) => {
      res.type('text').write('begin ')
      throw new Error('the stream failed')
    }),
  )
}

// oxlint-disable-next-line eslint/max-params -- Express knows an error handler by its four parameters.
const asJson: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) next(error)
  else if (isSalesforceAuthError(error)) res.status(error.status).json(error)
  else res.status(500).json({ error: 'internal' })
}
