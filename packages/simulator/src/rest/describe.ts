import type { FieldSchema, ObjectSchema } from './object-schema.ts'

interface ObjectSummary {
  readonly name: string
  readonly label: string
  readonly labelPlural: string
  readonly keyPrefix: string
  readonly custom: false
  readonly queryable: true
  readonly createable: boolean
  readonly updateable: boolean
  readonly deletable: boolean
  readonly urls: Readonly<Record<'sobject' | 'describe' | 'rowTemplate', string>>
}

export function summarizeObject(schema: ObjectSchema, version: string): ObjectSummary {
  const url = `/services/data/v${version}/sobjects/${schema.name}`
  // Users are made in Setup and are deactivated, never deleted.
  const comesAndGoes = !schema.isSetup && schema.name !== 'User'
  return {
    name: schema.name,
    label: schema.label,
    labelPlural: schema.labelPlural,
    keyPrefix: schema.keyPrefix,
    custom: false,
    queryable: true,
    createable: comesAndGoes,
    updateable: !schema.isSetup,
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
  return { ...summarizeObject(schema, version), fields: schema.fields.map((field) => describeField(field, schema)) }
}

function describeField(field: FieldSchema, { isSetup }: ObjectSchema): FieldDescription {
  const writable = field.writable && !isSetup
  return {
    name: field.name,
    label: field.label,
    type: field.type,
    length: field.length,
    nillable: !field.required && writable,
    createable: writable,
    updateable: writable,
    custom: false,
    referenceTo: field.parent ? [field.parent.type] : [],
    relationshipName: field.parent?.relationship ?? null,
  }
}
