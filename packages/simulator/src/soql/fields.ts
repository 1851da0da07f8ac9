import type { ObjectFinder } from '../rest/caller.ts'
import type { FieldValue, RecordStore, SalesforceRecord } from '../rest/record-store.ts'
import type { FieldSchema, ObjectSchema } from '../rest/object-schema.ts'
import { findField, findRelationship } from '../rest/schema.ts'
import type { SourceSpan } from './soql-error.ts'
import { soqlError } from './soql-error.ts'
import type { FieldPath, Query } from './syntax.ts'

/** A field that exists, on the queried object or on one of its parents. */
export interface BoundField {
  readonly field: FieldSchema
  readonly parent?: { readonly relationship: string; readonly schema: ObjectSchema; readonly reference: string }
}

/** @throws `INVALID_TYPE` */
export function bindObject({ source, from }: Query, findObject: ObjectFinder): ObjectSchema {
  const schema = findObject(from.name)
  if (schema) return schema
  const message = `sObject type '${from.name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`
  throw soqlError('INVALID_TYPE', { source, at: from.at }, message)
}

export type FieldBinder = (path: FieldPath) => BoundField

interface BinderOptions {
  readonly source: string
  readonly findObject: ObjectFinder
}

/** Looks up the paths of one query. @throws `INVALID_FIELD` */
export function fieldBinder(schema: ObjectSchema, { source, findObject }: BinderOptions): FieldBinder {
  function known(owner: ObjectSchema, name: string, at: number): FieldSchema {
    const field = findField(owner, name)
    if (field) return field
    const message = `No such column '${name}' on entity '${owner.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`
    throw soqlError('INVALID_FIELD', { source, at }, message)
  }

  return ({ names, at }) => {
    const [first = '', second, ...rest] = names
    if (second === undefined) return { field: known(schema, first, at) }
    if (rest.length > 0)
      throw soqlError('INVALID_FIELD', { source, at }, 'the simulator follows parent relationships one level deep')
    const reference = findRelationship(schema, first)
    const parent = findObject(reference?.parent?.type ?? '')
    if (reference?.parent && parent) {
      const { relationship } = reference.parent
      return { field: known(parent, second, at), parent: { relationship, schema: parent, reference: reference.name } }
    }
    if (first.toLowerCase() === schema.name.toLowerCase()) return { field: known(schema, second, at) }
    const message = `Didn't understand relationship '${first}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`
    throw soqlError('INVALID_FIELD', { source, at }, message)
  }
}

/** @throws `INVALID_FIELD` for long text, which Salesforce neither filters nor sorts by. */
export function requireShort({ field }: BoundField, use: 'filtered' | 'sorted', span: SourceSpan): void {
  if (field.length <= 255) return
  throw soqlError('INVALID_FIELD', span, `field '${field.name}' can not be ${use} in a query call`)
}

/** The parent record a bound field lies on; `undefined` when the reference is empty or points nowhere. */
export function parentOf(
  record: SalesforceRecord,
  { parent }: BoundField,
  records: RecordStore,
): SalesforceRecord | undefined {
  const id = parent && record[parent.reference]
  return parent && typeof id === 'string' ? records.get(parent.schema.name, id) : undefined
}

export function valueOf(record: SalesforceRecord, bound: BoundField, records: RecordStore): FieldValue {
  const holder = bound.parent ? parentOf(record, bound, records) : record
  return holder?.[bound.field.name] ?? null
}
