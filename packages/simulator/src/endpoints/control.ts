import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { z } from 'zod'
import { endSessions, moveInstance, reset, updateApp, updateOrg, updateUser } from '../control/administration.ts'
import { faultEndpoints } from '../control/faults.ts'
import { parseAppChanges, parseOrgChanges, parseUserChanges } from '../seed/parse-seed.ts'
import { SeedError } from '../seed/seed.ts'
import type { Env, World } from '../world.ts'

const clockBody = z.union([z.strictObject({ advance: z.number() }), z.strictObject({ set: z.number() })])
const userBody = z.strictObject({ username: z.string().exactOptional() })
const orgBody = z.strictObject({ org: z.string().exactOptional() })
const faultBody = z.strictObject({
  endpoint: z.enum(faultEndpoints),
  fault: z.strictObject({
    latency: z.number().min(0).exactOptional(),
    error: z.string().exactOptional(),
    description: z.string().exactOptional(),
    drop: z.enum(['before', 'after']).exactOptional(),
    status: z.literal(503).exactOptional(),
    body: z.literal('html').exactOptional(),
    malformed: z.literal(true).exactOptional(),
    alreadyProcessing: z.literal(true).exactOptional(),
  }),
  times: z.int().min(1).max(1000).exactOptional(),
})

/** What a test does by code, over HTTP: to be mounted at `/__simulator` of the generic login host. */
export function controlRoutes(world: World): Hono<Env> {
  const control = new Hono<Env>()
  control.use(guard)
  control.onError((error, context) => {
    if (error instanceof SeedError) return context.json({ error: 'invalid', faults: error.faults }, 400)
    if (error instanceof z.ZodError) return context.json({ error: 'invalid', message: z.prettifyError(error) }, 400)
    if (error instanceof RangeError) return context.json({ error: 'not found', message: error.message }, 404)
    if (error instanceof SyntaxError) return context.json({ error: 'invalid', message: 'The body must be JSON.' }, 400)
    throw error
  })

  control.get('/state', (context) => context.json(describe(world)))
  control.get('/requests', (context) => context.json(world.log.lines))
  control.post('/clock', async (context) => {
    const body = clockBody.parse(await readBody(context))
    if ('set' in body) world.clock.set(body.set)
    else world.clock.advance(body.advance)
    return context.json({ now: world.clock.now() })
  })
  control.post('/faults', async (context) => {
    const { endpoint, fault, times } = faultBody.parse(await readBody(context))
    world.faults.next(endpoint, fault, times)
    return context.body(null, 204)
  })
  control.delete('/faults', (context) => {
    world.faults.clear()
    return context.body(null, 204)
  })
  control.post('/reset', (context) => {
    reset(world)
    return context.body(null, 204)
  })
  control.post('/expire-access-tokens', async (context) => {
    const { username } = userBody.parse(await readBody(context))
    endSessions(world, username)
    return context.body(null, 204)
  })
  control.post('/move-instance', async (context) => {
    const { org } = orgBody.parse(await readBody(context))
    return context.json({ instanceUrl: await moveInstance(world, org) })
  })
  control.patch('/apps/:key', async (context) => {
    updateApp(world, context.req.param('key'), parseAppChanges(await readBody(context)))
    return context.body(null, 204)
  })
  control.patch('/orgs/:key', async (context) => {
    updateOrg(world, context.req.param('key'), parseOrgChanges(await readBody(context)))
    return context.body(null, 204)
  })
  control.patch('/users/:username', async (context) => {
    updateUser(world, context.req.param('username'), parseUserChanges(await readBody(context)))
    return context.body(null, 204)
  })
  return control
}

/** No body is an empty object. */
async function readBody(context: Context<Env>): Promise<unknown> {
  const text = await context.req.text()
  return text === '' ? {} : JSON.parse(text)
}

function describe({ clock, hosts, state }: World): Record<string, unknown> {
  return {
    now: clock.now(),
    loginUrl: hosts.loginUrl,
    sandboxLoginUrl: hosts.sandboxLoginUrl,
    orgs: state.orgs.map(({ id, name, kind }) => ({
      id,
      name,
      kind,
      url: hosts.orgUrl(id),
      instanceUrl: hosts.instanceUrl(id),
    })),
    apps: state.apps.map(({ label, clientId, callbackUrls }) => ({ label, clientId, callbackUrls })),
    users: state.users.map(({ username, active }) => ({ username, active })),
  }
}

/** Other sites a developer has open in the same browser must not reach these. */
const guard: MiddlewareHandler<Env> = async (context, next) => {
  const { kind, origin } = context.env.place
  if (kind !== 'login') return context.notFound()
  const refuse = (message: string): Response => context.json({ error: 'forbidden', message }, 403)
  const from = context.req.header('origin')
  if (from !== undefined && from !== origin) return refuse('The Origin header names another site.')
  const site = context.req.header('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return refuse('The Sec-Fetch-Site header says that another site asks.')
  }
  return next()
}
