import { businessObjects } from './business-objects.ts'
import type { FieldSchema, ObjectSchema } from './object-schema.ts'
import { setupObjects } from './setup-objects.ts'

export const objectSchemas: readonly ObjectSchema[] = [...businessObjects, ...setupObjects]

/** The object of that name, in any letter case, as Salesforce compares names. */
export function findObject(name: string): ObjectSchema | undefined {
  return objectSchemas.find((schema) => schema.name.toLowerCase() === name.toLowerCase())
}

export function findField(schema: ObjectSchema, name: string): FieldSchema | undefined {
  return schema.fields.find((one) => one.name.toLowerCase() === name.toLowerCase())
}

/** The reference field whose relationship has that name: `Owner` → `OwnerId`. */
export function findRelationship(schema: ObjectSchema, relationship: string): FieldSchema | undefined {
  return schema.fields.find((one) => one.parent?.relationship.toLowerCase() === relationship.toLowerCase())
}
