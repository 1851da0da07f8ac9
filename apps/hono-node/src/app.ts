import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { isSalesforceAuthError } from '@orgpass/core'
import { createSalesforceAuth } from '@orgpass/core/node'
import { requiresAuth, requiresSameOrigin, requiresScope, salesforceAuth } from '@orgpass/hono'
import type { SalesforceEnv } from '@orgpass/hono'
import type { SampleStart } from '@orgpass/sample-host'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { stream } from 'hono/streaming'
import { addContact, allContacts, listContacts } from './contacts.ts'

const MOST = 200
const LONGEST_NAME = 80

/**
 * A JSON API on Salesforce and a page that uses nothing else. Every error is JSON with a hint.
 * @throws {ConfigError} with everything that is wrong in `faults`.
 */
export function buildApp({ env, demo }: SampleStart): Hono<SalesforceEnv> {
  const app = new Hono<SalesforceEnv>()
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      // Browsers would hide the origin of the page's own forms from no-referrer.
      referrerPolicy: 'same-origin',
    }),
  )
  // A ready instance tells at the start what is wrong, and opens sessions with Node's own crypto.
  app.use(salesforceAuth(createSalesforceAuth({}, env)))

  app.use('/api/*', async (c, next) => {
    c.header('cache-control', 'no-store')
    await next()
  })
  app.get('/api/me', async (c) => {
    const { salesforce } = c.var
    if ((await salesforce.session()) === undefined) return c.json({ person: null, demo: demo ?? null })
    const { displayName, username, orgId } = await salesforce.identity()
    return c.json({ person: { displayName, username, orgId }, demo: demo ?? null })
  })

  app.use('/api/contacts/*', requiresScope('api'))
  app.get('/api/contacts', async (c) => c.json(await listContacts(c.var.salesforce, MOST)))
  app.post('/api/contacts', requiresSameOrigin(), async (c) => {
    const body: unknown = await c.req.json().catch(() => undefined)
    const contact = { firstName: text(body, 'firstName'), lastName: text(body, 'lastName'), email: text(body, 'email') }
    const tooLong = Object.values(contact).some((value) => value.length > LONGEST_NAME)
    if (contact.lastName === '' || tooLong) {
      const message = `A contact needs a last name; no field may have more than ${LONGEST_NAME} characters.`
      return c.json({ error: 'contact/invalid', message }, 422)
    }
    return c.json({ id: await addContact(c.var.salesforce, contact) }, 201)
  })
  app.get('/api/contacts/export', requiresAuth(), async (c) => {
    // Asked before the response starts: a token that died by now can still be renewed, and an error still be answered.
    const contacts = await allContacts(c.var.salesforce)
    c.header('content-type', 'application/x-ndjson')
    c.header('content-disposition', 'attachment; filename="contacts.ndjson"')
    return stream(c, async (body) => {
      for await (const contact of contacts) await body.writeln(JSON.stringify(contact))
    })
  })
  app.use(serveStatic({ root: fileURLToPath(new URL('../public', import.meta.url)) }))

  app.notFound((c) => c.json({ error: 'not-found', message: 'This address leads nowhere.' }, 404))
  app.onError((error, c) => {
    if (isSalesforceAuthError(error)) return error.getResponse()
    console.error(error)
    return c.json({ error: 'internal', message: 'The app could not do this. Its log says why.' }, 500)
  })
  return app
}

function text(body: unknown, name: string): string {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined
  return typeof value === 'string' ? value.trim() : ''
}
