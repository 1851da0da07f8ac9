import { isRecordId, to18 } from '../ids.ts'
import type { FieldValue, RecordFields } from './record-store.ts'
import { RestError } from './rest-error.ts'
import type { FieldSchema, ObjectSchema } from './object-schema.ts'
import { findField, findObject } from './schema.ts'

const textTypes = new Set(['string', 'textarea', 'picklist', 'phone', 'url', 'email'])

/**
 * The body of a write as fields spelled like the schema's.
 * @throws {@link RestError} for the first rule it breaks, in Salesforce's words.
 */
export function readWrite(schema: ObjectSchema, body: unknown, kind: 'create' | 'update'): RecordFields {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new RestError('JSON_PARSER_ERROR', 'Expected a JSON object of field names and values at [line:1, column:1]')
  const entries = Object.entries(body)
    .filter(([name]) => name !== 'attributes')
    .map(([name, value]): [FieldSchema, FieldValue] => {
      const field = writableField(schema, name)
      return [field, readValue(field, value)]
    })
  const fields = Object.fromEntries(entries.map(([{ name }, value]) => [name, value]))
  requireFields(schema, fields, kind)
  return fields
}

function writableField(schema: ObjectSchema, name: string): FieldSchema {
  const field = findField(schema, name)
  if (!field) throw new RestError('INVALID_FIELD', `No such column '${name}' on sobject of type ${schema.name}`)
  if (field.writable) return field
  throw new RestError(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Unable to create/update fields: ${field.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
    { fields: [field.name] },
  )
}

function readValue(field: FieldSchema, value: unknown): FieldValue {
  if (value === null || value === '') return null
  if (field.parent && typeof value === 'string') return checkedReference(field, field.parent.type, value)
  if (textTypes.has(field.type) && typeof value === 'string') return checkedText(field, value)
  if (field.type === 'boolean' && typeof value === 'boolean') return value
  if (field.type === 'int' && Number.isSafeInteger(value)) return Number(value)
  if (field.type === 'currency' && Number.isFinite(value)) return Number(value)
  throw new RestError(
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${field.type} from the value of ${field.name}`,
  )
}

function checkedText(field: FieldSchema, value: string): string {
  if (value.length > field.length)
    throw new RestError(
      'STRING_TOO_LONG',
      `${field.label}: data value too large: ${value} (max length=${field.length})`,
      { fields: [field.name] },
    )
  return value
}

function checkedReference(field: FieldSchema, type: string, value: string): string {
  if (isRecordId(value, findObject(type)?.keyPrefix ?? '')) return to18(value)
  throw new RestError('MALFORMED_ID', `${field.label}: id value of incorrect type: ${value}`, { fields: [field.name] })
}

function requireFields(schema: ObjectSchema, fields: RecordFields, kind: 'create' | 'update'): void {
  const missing = schema.fields
    .filter(({ required }) => required)
    .map(({ name }) => name)
    .filter((name) => (kind === 'create' ? (fields[name] ?? null) === null : fields[name] === null))
  if (missing.length === 0) return
  throw new RestError('REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing.join(', ')}]`, {
    fields: missing,
  })
}
