import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RestCaller } from '../src/rest/caller.ts'
import { createRecordStore } from '../src/rest/record-store.ts'
import { restApi } from '../src/rest/rest-api.ts'

const acme = '001gK0000000001QAA'
const identityUrl = 'https://login.example/id/00D/005'
const callers: Readonly<Record<string, RestCaller>> = {
  admin: {
    user: { id: '005gK0000000001QAA', isAdmin: true, mayEdit: true, isInternal: true, maySeeSetup: true },
    identityUrl,
  },
  editor: {
    user: { id: '005gK0000000002QAA', isAdmin: false, mayEdit: true, isInternal: true, maySeeSetup: true },
    identityUrl,
  },
  reader: {
    user: { id: '005gK0000000003QAA', isAdmin: false, mayEdit: false, isInternal: true, maySeeSetup: true },
    identityUrl,
  },
}

let origin = ''
let now = 0
let stop: () => Promise<void>

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15)
  const records = createRecordStore({
    now: () => now,
    records: {
      User: [{ Id: '005gK0000000001QAA', Username: 'ada@acme.example', FirstName: 'Ada', LastName: 'Byron' }],
      Account: [{ Id: acme, Name: 'Acme', Industry: 'Retail' }, { Name: 'Birch' }],
    },
  })
  const api = restApi({
    authenticate: (request) =>
      callers[request.headers.get('authorization') ?? ''] ?? new Response('who?', { status: 401 }),
    records,
  })
  const app = new Hono({ strict: false }).route('/services/data', api)
  await new Promise<void>((listening) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
      origin = `http://127.0.0.1:${port}`
      listening()
    })
    stop = () => new Promise((closed) => void server.close(() => closed()))
  })
})

afterEach(() => stop())

interface Call {
  readonly as?: string
  readonly method?: string
  readonly body?: unknown
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

async function call(path: string, { as = 'admin', method = 'GET', body }: Call = {}): Promise<Answer> {
  const response = await fetch(`${origin}/services/data${path}`, {
    method,
    headers: {
      authorization: as,
      connection: 'close',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

const accounts = '/v68.0/sobjects/Account'
const notFound = [{ message: 'The requested resource does not exist', errorCode: 'NOT_FOUND' }]

describe('the root', () => {
  it.each(['', '/'])('lists versions to anybody at "%s", oldest first, with their release', async (path) => {
    const { status, body } = await call(path, { as: 'nobody' })
    expect(status).toBe(200)
    expect(body).toEqual(
      expect.arrayContaining([
        { label: "Spring '23", url: '/services/data/v57.0', version: '57.0' },
        { label: "Winter '27", url: '/services/data/v68.0', version: '68.0' },
      ]),
    )
    expect((body as unknown[])[0]).toEqual({ label: "Summer '14", url: '/services/data/v31.0', version: '31.0' })
  })

  it.each(['/v59.0', '/v59.0/'])('lists the resources of a version at %s, with the identity URL', async (path) => {
    const { body, headers } = await call(path)
    expect(body).toEqual({
      identity: identityUrl,
      limits: '/services/data/v59.0/limits',
      query: '/services/data/v59.0/query',
      sobjects: '/services/data/v59.0/sobjects',
    })
    expect(headers.get('sforce-limit-info')).toBe('api-usage=1/15000')
  })

  it.each(['/v99.0', '/v59', '/59.0/limits', '/v30.0/query?q=x', '/v59.0/chatter', '/v59.0/sobjects/Spaceship'])(
    'answers 404 to %s',
    async (path) => {
      expect(await call(path)).toMatchObject({ status: 404, body: notFound })
    },
  )

  it.each(['/v68.0', '/v68.0/query?q=SELECT', accounts])('lets authenticate answer for %s', async (path) => {
    expect(await call(path, { as: 'nobody' })).toMatchObject({ status: 401, body: 'who?' })
  })

  it('counts calls down in limits', async () => {
    await call('/v68.0')
    const { body } = await call('/v68.0/limits')
    expect(body).toEqual({ DailyApiRequests: { Max: 15_000, Remaining: 14_998 } })
  })
})

describe('query', () => {
  it('answers records with the version in their address', async () => {
    const { body } = await call(`/v60.0/query?q=${encodeURIComponent("SELECT Name FROM Account WHERE Name LIKE 'a%'")}`)
    const attributes = { type: 'Account', url: `/services/data/v60.0/sobjects/Account/${acme}` }
    expect(body).toEqual({ totalSize: 1, done: true, records: [{ attributes, Name: 'Acme' }] })
  })

  it.each([
    ['', 'MALFORMED_QUERY'],
    ['?q=SELECT', 'MALFORMED_QUERY'],
    ['?q=SELECT+x+FROM+Account', 'INVALID_FIELD'],
    ['?q=SELECT+Id+FROM+x', 'INVALID_TYPE'],
  ])('refuses "%s" with 400 %s in an array', async (search, errorCode) => {
    const { status, body } = await call(`/v60.0/query${search}`)
    expect({ status, body }).toEqual({ status: 400, body: [{ message: expect.any(String), errorCode }] })
  })
})

describe('describe', () => {
  it('lists objects', async () => {
    const { body } = await call('/v68.0/sobjects')
    expect(body).toMatchObject({
      sobjects: expect.arrayContaining([
        expect.objectContaining({ name: 'Account', keyPrefix: '001', createable: true }),
        expect.objectContaining({ name: 'User', createable: false, updateable: true }),
        expect.objectContaining({ name: 'Profile', createable: false, updateable: false }),
      ]),
    })
  })

  it('names fields, their types, limits and parents', async () => {
    const { body } = await call('/v68.0/sobjects/contact/describe')
    expect(body).toMatchObject({
      name: 'Contact',
      fields: expect.arrayContaining([
        expect.objectContaining({ name: 'LastName', type: 'string', length: 80, nillable: false, updateable: true }),
        expect.objectContaining({
          name: 'AccountId',
          type: 'reference',
          referenceTo: ['Account'],
          relationshipName: 'Account',
        }),
        expect.objectContaining({ name: 'CreatedDate', updateable: false }),
      ]),
    })
  })
})

describe('a record', () => {
  it('is read whole or by chosen fields, by either length of id', async () => {
    const whole = await call(`${accounts}/${acme}`)
    expect(whole.body).toMatchObject({
      Id: acme,
      Name: 'Acme',
      Phone: null,
      CreatedDate: '2026-01-15T00:00:00.000+0000',
    })
    const part = await call(`${accounts}/${acme.slice(0, 15)}?fields=name,Industry`)
    const attributes = { type: 'Account', url: `/services/data/v68.0/sobjects/Account/${acme}` }
    expect(part.body).toEqual({ attributes, Name: 'Acme', Industry: 'Retail' })
  })

  it('is updated with 204 and an empty body, and says who changed it when', async () => {
    now += 60_000
    const { status, body } = await call(`${accounts}/${acme}`, {
      method: 'PATCH',
      as: 'editor',
      body: { name: 'Acme Ltd' },
    })
    expect({ status, body }).toEqual({ status: 204, body: '' })
    expect((await call(`${accounts}/${acme}`)).body).toMatchObject({
      Name: 'Acme Ltd',
      Industry: 'Retail',
      LastModifiedDate: '2026-01-15T00:01:00.000+0000',
      LastModifiedById: '005gK0000000002QAA',
      CreatedById: '005gK0000000001QAA',
    })
  })

  it('is created with 201, an id and a location', async () => {
    const created = await call('/v68.0/sobjects/Contact', {
      method: 'POST',
      body: { FirstName: 'Mia', LastName: 'Lund' },
    })
    expect(created).toMatchObject({
      status: 201,
      body: { success: true, errors: [], id: expect.stringMatching(/^003\w{15}$/) },
    })
    const location = created.headers.get('location') ?? ''
    const read = await call(location.replace('/services/data', ''))
    expect(read.body).toMatchObject({ Name: 'Mia Lund', OwnerId: '005gK0000000001QAA' })
  })

  it('is gone after DELETE, and says that it was deleted', async () => {
    expect((await call(`${accounts}/${acme}`, { method: 'DELETE' })).status).toBe(204)
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      expect(await call(`${accounts}/${acme}`, { method, ...(method === 'PATCH' && { body: {} }) })).toMatchObject({
        status: 404,
        body: [{ message: 'entity is deleted', errorCode: 'ENTITY_IS_DELETED', fields: [] }],
      })
    }
  })

  it.each([
    ['PATCH', `/${acme}`, { Name: null }, 400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [Name]'],
    ['PATCH', `/${acme}`, { Name: '' }, 400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [Name]'],
    ['POST', '', { Industry: 'Retail' }, 400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [Name]'],
    [
      'PATCH',
      `/${acme}`,
      { Colour: 'red' },
      400,
      'INVALID_FIELD',
      "No such column 'Colour' on sobject of type Account",
    ],
    [
      'PATCH',
      `/${acme}`,
      { CreatedDate: 'x' },
      400,
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      'Unable to create/update fields: CreatedDate',
    ],
    ['PATCH', `/${acme}`, { Name: 'x'.repeat(256) }, 400, 'STRING_TOO_LONG', '(max length=255)'],
    ['PATCH', `/${acme}`, { AnnualRevenue: 'much' }, 400, 'JSON_PARSER_ERROR', 'AnnualRevenue'],
    ['PATCH', `/${acme}`, { OwnerId: acme }, 400, 'MALFORMED_ID', 'Owner ID: id value of incorrect type'],
    ['PATCH', `/${acme}`, '{"AnnualRevenue":1e999}', 400, 'JSON_PARSER_ERROR', 'AnnualRevenue'],
    ['PATCH', `/${acme}`, '{"Name":', 400, 'JSON_PARSER_ERROR', 'not valid JSON'],
    ['PATCH', `/${acme}`, [], 400, 'JSON_PARSER_ERROR', 'Expected a JSON object'],
    ['PATCH', '/001gK0000009999QAA', { Name: 'x' }, 404, 'NOT_FOUND', 'Provided external ID field does not exist'],
    ['GET', '/003gK0000000001QAA', undefined, 404, 'NOT_FOUND', 'Provided external ID field does not exist'],
    ['GET', '/nonsense', undefined, 404, 'NOT_FOUND', 'Provided external ID field does not exist'],
    ['GET', `/${acme}?fields=Colour`, undefined, 400, 'INVALID_FIELD', "No such column 'Colour'"],
    ['PUT', `/${acme}`, { Name: 'x' }, 405, 'METHOD_NOT_ALLOWED', "HTTP Method 'PUT' not allowed"],
    ['PATCH', `/${acme}`, undefined, 415, 'UNSUPPORTED_MEDIA_TYPE', 'send application/json'],
  ])('%s %s with %j is refused with %i %s', async (...[method, path, body, status, errorCode, message]) => {
    const answer = await call(`${accounts}${path}`, { method, body })
    expect(answer.status).toBe(status)
    expect(answer.body).toEqual([expect.objectContaining({ errorCode, message: expect.stringContaining(message) })])
    expect((await call(`${accounts}/${acme}`)).body).toMatchObject({ Name: 'Acme' })
  })

  it.each([
    ['reader', 'PATCH', `/Account/${acme}`],
    ['reader', 'DELETE', `/Account/${acme}`],
    ['reader', 'POST', '/Account'],
    ['editor', 'PATCH', '/User/005gK0000000001QAA'],
    ['admin', 'POST', '/User'],
    ['admin', 'DELETE', '/User/005gK0000000001QAA'],
  ])('refuses a %s to %s %s with 403', async (as, method, path) => {
    const body = [
      { message: 'insufficient access rights on object id', errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY', fields: [] },
    ]
    const answer = await call(`/v68.0/sobjects${path}`, { as, method, body: { Name: 'x' } })
    expect(answer).toMatchObject({ status: 403, body })
  })

  it('can be read by a reader', async () => {
    expect((await call(`${accounts}/${acme}`, { as: 'reader' })).status).toBe(200)
  })
})
