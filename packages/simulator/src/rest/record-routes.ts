import type { Context } from 'hono'
import { Hono } from 'hono'
import { isRecordId } from '../ids.ts'
import { objectsFor, type RestEnvironment } from './caller.ts'
import { describeObject, summarizeObject } from './describe.ts'
import { recordJson } from './record-json.ts'
import type { RecordStore, SalesforceRecord } from './record-store.ts'
import { resourceNotFound, RestError } from './rest-error.ts'
import type { ObjectSchema } from './object-schema.ts'
import { findField, objectSchemas } from './schema.ts'
import { readWrite } from './write-rules.ts'

type RestContext = Context<RestEnvironment>

/** `/sobjects` and everything below it. */
export function recordRoutes(records: RecordStore): Hono<RestEnvironment> {
  const routes = new Hono<RestEnvironment>({ strict: false })

  routes.get('/', (context) => {
    const version = context.get('version')
    const find = objectsFor(context.get('caller'))
    const visible = objectSchemas.filter(({ name }) => find(name))
    const sobjects = visible.map((schema) => summarizeObject(schema, version))
    return context.json({ encoding: 'UTF-8', maxBatchSize: 200, sobjects })
  })

  routes.get('/:type', (context) => {
    const schema = knownObject(context)
    return context.json({ objectDescribe: summarizeObject(schema, context.get('version')), recentItems: [] })
  })

  routes.get('/:type/describe', (context) => context.json(describeObject(knownObject(context), context.get('version'))))

  routes.post('/:type', async (context) => {
    const schema = knownObject(context)
    refuseReader(context, schema)
    if (schema.name === 'User') throw readOnly()
    const fields = readWrite(schema, await jsonBody(context), 'create')
    const record = records.create(schema.name, { fields, by: context.get('caller').user.id })
    context.header('Location', `/services/data/v${context.get('version')}/sobjects/${schema.name}/${record.Id}`)
    return context.json({ id: record.Id, success: true, errors: [] }, 201)
  })

  routes.get('/:type/:id', (context) => {
    const schema = knownObject(context)
    const record = storedRecord(context, schema, records)
    const version = context.get('version')
    const asked = context.req.query('fields')
    if (!asked) return context.json(recordJson(schema.name, record, { version }))
    const fields = asked.split(',').map((name) => {
      const field = findField(schema, name.trim())
      if (!field) throw new RestError('INVALID_FIELD', `No such column '${name.trim()}' on entity '${schema.name}'`)
      return field.name
    })
    return context.json(recordJson(schema.name, record, { version, fields }))
  })

  routes.patch('/:type/:id', async (context) => {
    const schema = knownObject(context)
    const record = storedRecord(context, schema, records)
    refuseReader(context, schema)
    const fields = readWrite(schema, await jsonBody(context), 'update')
    records.update(schema.name, record.Id, { fields, by: context.get('caller').user.id })
    return context.body(null, 204)
  })

  routes.delete('/:type/:id', (context) => {
    const schema = knownObject(context)
    const record = storedRecord(context, schema, records)
    refuseReader(context, schema)
    if (schema.name === 'User') throw readOnly()
    records.delete(schema.name, record.Id)
    return context.body(null, 204)
  })

  routes.all('/:type/:id', (context) => {
    const message = `HTTP Method '${context.req.method}' not allowed. Allowed are HEAD,GET,PATCH,DELETE`
    throw new RestError('METHOD_NOT_ALLOWED', message, { status: 405 })
  })

  return routes
}

function knownObject(context: RestContext): ObjectSchema {
  const schema = objectsFor(context.get('caller'))(context.req.param('type') ?? '')
  if (!schema) throw resourceNotFound()
  return schema
}

function storedRecord(context: RestContext, schema: ObjectSchema, records: RecordStore): SalesforceRecord {
  const id = context.req.param('id') ?? ''
  const record = isRecordId(id, schema.keyPrefix) ? records.get(schema.name, id) : undefined
  if (record) return record
  if (records.isDeleted(schema.name, id))
    throw new RestError('ENTITY_IS_DELETED', 'entity is deleted', { status: 404, fields: [] })
  const message = `Provided external ID field does not exist or is not accessible: ${id}`
  throw new RestError('NOT_FOUND', message, { status: 404 })
}

function refuseReader(context: RestContext, schema: ObjectSchema): void {
  const { isAdmin, mayEdit } = context.get('caller').user
  if (schema.isSetup || (!isAdmin && (!mayEdit || schema.name === 'User'))) throw readOnly()
}

function readOnly(): RestError {
  const options = { status: 403, fields: [] } as const
  return new RestError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id', options)
}

async function jsonBody(context: RestContext): Promise<unknown> {
  const type = context.req.header('content-type') ?? ''
  if (!/^application\/json\b/i.test(type)) {
    const message = `Content-Type ${type || '(none)'} is not supported for this resource; send application/json`
    throw new RestError('UNSUPPORTED_MEDIA_TYPE', message, { status: 415 })
  }
  try {
    return await context.req.json()
  } catch {
    throw new RestError('JSON_PARSER_ERROR', 'The request body is not valid JSON at [line:1, column:1]')
  }
}
