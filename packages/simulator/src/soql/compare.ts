import type { FieldValue } from '../rest/record-store.ts'
import type { FieldSchema } from '../rest/object-schema.ts'

const collator = new Intl.Collator('en')

/** A value in the form in which it compares: moments as milliseconds, ids by their 15 significant characters. */
export function comparable(field: FieldSchema, value: FieldValue): FieldValue {
  if (typeof value !== 'string') return value
  if (field.type === 'datetime') return Date.parse(value.replace(/\+0000$/, 'Z'))
  return isId(field) ? value.slice(0, 15) : value
}

export function isId({ type }: FieldSchema): boolean {
  return type === 'id' || type === 'reference'
}

/** Negative, zero or positive. Text ignores letter case, ids do not. */
export function compareValues(field: FieldSchema, one: FieldValue, other: FieldValue): number {
  if (typeof one !== 'string' || typeof other !== 'string') return Number(one) - Number(other)
  if (isId(field)) return one < other ? -1 : Number(one > other)
  const [left, right] = [one.toLowerCase(), other.toLowerCase()]
  if (left === right) return 0
  // A collator calls texts equal that differ in invisible characters only; SOQL does not.
  return collator.compare(left, right) || (left < right ? -1 : 1)
}
