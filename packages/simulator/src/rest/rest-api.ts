import { Hono } from 'hono'
import { runQuery } from '../soql/query.ts'
import { objectsFor, type RestCaller, type RestEnvironment } from './caller.ts'
import type { RecordStore } from './record-store.ts'
import { resourceNotFound, RestError } from './rest-error.ts'
import { recordRoutes } from './record-routes.ts'
import { apiVersions, findVersion } from './versions.ts'

export interface RestApiOptions {
  /** The caller behind the request's bearer token, or the 401 or 403 to answer instead. */
  readonly authenticate: (request: Request) => RestCaller | Response | Promise<RestCaller | Response>
  readonly records: RecordStore
}

const dailyLimit = 15_000

/** One org's REST API, to be mounted at `/services/data`. */
export function restApi({ authenticate, records }: RestApiOptions): Hono<RestEnvironment> {
  const api = new Hono<RestEnvironment>({ strict: false })
  let calls = 0

  api.onError((error, context) => {
    if (!(error instanceof RestError)) throw error
    return context.json(error.toJSON(), error.status)
  })

  // The only resource that needs no token.
  api.get('/', (context) => context.json(apiVersions))

  api.use('/:version/*', async (context, next) => {
    const caller = await authenticate(context.req.raw)
    if (caller instanceof Response) return caller
    const version = findVersion(context.req.param('version'))
    if (!version) throw resourceNotFound()
    calls += 1
    context.set('caller', caller)
    context.set('version', version.version)
    context.header('Sforce-Limit-Info', `api-usage=${calls}/${dailyLimit}`)
    return next()
  })

  api.get('/:version', (context) => {
    const base = `/services/data/v${context.get('version')}`
    return context.json({
      identity: context.get('caller').identityUrl,
      limits: `${base}/limits`,
      query: `${base}/query`,
      sobjects: `${base}/sobjects`,
    })
  })

  api.get('/:version/limits', (context) =>
    context.json({ DailyApiRequests: { Max: dailyLimit, Remaining: Math.max(0, dailyLimit - calls) } }),
  )

  api.get('/:version/query', (context) => {
    const soql = context.req.query('q') ?? ''
    const findObject = objectsFor(context.get('caller'))
    return context.json(runQuery(soql, { records, findObject, version: context.get('version') }))
  })

  api.route('/:version/sobjects', recordRoutes(records))
  // A route instead of notFound(), which Hono asks of the outermost app only.
  api.all('*', () => {
    throw resourceNotFound()
  })
  return api
}
