import { isSalesforceAuthError } from '@orgpass/core'
import { requiresAuth, requiresSameOrigin, salesforceAuth } from '@orgpass/hono'
import type { SalesforceEnv } from '@orgpass/hono'
import { durableObjectStore } from '@orgpass/store-cloudflare'
import type { ObjectNamespace } from '@orgpass/store-cloudflare'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { dashboard, failure, landing } from './pages.ts'

export interface Bindings {
  readonly SESSIONS: ObjectNamespace
  /** The simulator's login host; empty with a real org. */
  readonly SIMULATOR_URL: string
  readonly PAGE_SCRIPT: string
  readonly PAGE_STYLE: string
}

const LIMITS = '/services/data/v64.0/limits'
const MOST_SESSIONS = 1_000

/** One session on many isolates: thirty requests at once after the access token ended, and one renewal. */
export function buildApp(): Hono<SalesforceEnv & { Bindings: Bindings }> {
  // How often this isolate renewed the token of a session.
  const renewals = new Map<string, number>()
  const app = new Hono<SalesforceEnv & { Bindings: Bindings }>()
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'"],
      },
      // Browsers would hide the origin of the page's own forms from no-referrer.
      referrerPolicy: 'same-origin',
    }),
  )
  app.use(
    salesforceAuth((env: Bindings) => ({
      session: { store: durableObjectStore(env.SESSIONS) },
      onRefresh({ sessionId }) {
        if (renewals.size >= MOST_SESSIONS) renewals.clear()
        renewals.set(sessionId, (renewals.get(sessionId) ?? 0) + 1)
      },
    })),
  )

  app.get('/page.js', (c) => c.body(c.env.PAGE_SCRIPT, 200, { 'content-type': 'text/javascript' }))
  app.get('/page.css', (c) => c.body(c.env.PAGE_STYLE, 200, { 'content-type': 'text/css' }))
  app.get('/', async (c) => {
    const { salesforce } = c.var
    c.header('cache-control', 'no-store')
    const session = await salesforce.session()
    if (session === undefined) return c.html(landing(c.env.SIMULATOR_URL))
    return c.html(dashboard({ person: await salesforce.identity(), session, simulated: c.env.SIMULATOR_URL !== '' }))
  })
  app.get('/calls', requiresAuth(), async (c) => {
    const { salesforce } = c.var
    const { status } = await salesforce.fetch(LIMITS)
    const { id = '' } = (await salesforce.session()) ?? {}
    return c.json({ place: c.req.header('x-place'), status, renewals: renewals.get(id) ?? 0 })
  })
  app.post('/end-token', requiresSameOrigin(), requiresAuth(), async (c) => {
    if (c.env.SIMULATOR_URL === '') return c.notFound()
    await fetch(`${c.env.SIMULATOR_URL}/__simulator/expire-access-tokens`, { method: 'POST', body: '{}' })
    return c.redirect('/', 303)
  })
  app.onError((error, c) => {
    if (!isSalesforceAuthError(error)) {
      console.error(error)
      return c.html(failure('Something went wrong', 'The log says why.'), 500)
    }
    if (!error.expose) return error.getResponse()
    c.status(error.needsLogin ? 401 : 400)
    return c.html(failure(error.message, error.hint ?? ''))
  })
  return app
}
