import type { FieldSchema, ObjectSchema } from './schema.ts'

interface ObjectSummary {
  readonly name: string
  readonly label: string
  readonly labelPlural: string
  readonly keyPrefix: string
  readonly custom: false
  readonly queryable: true
  readonly createable: boolean
  readonly updateable: true
  readonly deletable: boolean
  readonly urls: Readonly<Record<'sobject' | 'describe' | 'rowTemplate', string>>
}

export function summarizeObject(schema: ObjectSchema, version: string): ObjectSummary {
  const url = `/services/data/v${version}/sobjects/${schema.name}`
  // Users are made in Setup and are deactivated, never deleted.
  const comesAndGoes = schema.name !== 'User'
  return {
    name: schema.name,
    label: schema.label,
    labelPlural: schema.labelPlural,
    keyPrefix: schema.keyPrefix,
    custom: false,
    queryable: true,
    createable: comesAndGoes,
    updateable: true,
    deletable: comesAndGoes,
    urls: { sobject: url, describe: `${url}/describe`, rowTemplate: `${url}/{ID}` },
  }
}

interface FieldDescription {
  readonly name: string
  readonly label: string
  readonly type: string
  readonly length: number
  readonly nillable: boolean
  readonly createable: boolean
  readonly updateable: boolean
  readonly custom: false
  readonly referenceTo: readonly string[]
  readonly relationshipName: string | null
}

export interface ObjectDescription extends ObjectSummary {
  readonly fields: readonly FieldDescription[]
}

export function describeObject(schema: ObjectSchema, version: string): ObjectDescription {
  return { ...summarizeObject(schema, version), fields: schema.fields.map(describeField) }
}

function describeField(field: FieldSchema): FieldDescription {
  return {
    name: field.name,
    label: field.label,
    type: field.type,
    length: field.length,
    nillable: !field.required && field.writable,
    createable: field.writable,
    updateable: field.writable,
    custom: false,
    referenceTo: field.parent ? [field.parent.type] : [],
    relationshipName: field.parent?.relationship ?? null,
  }
}
