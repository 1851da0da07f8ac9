import { isRecordId, to15 } from '../ids.ts'
import type { FieldValue, RecordStore, SalesforceRecord } from '../rest/record-store.ts'
import type { FieldSchema } from '../rest/object-schema.ts'
import { comparable, compareValues, isId } from './compare.ts'
import type { FieldBinder } from './fields.ts'
import { requireShort, valueOf } from './fields.ts'
import type { SourceSpan } from './soql-error.ts'
import { soqlError } from './soql-error.ts'
import type { Comparison, Condition, FieldPath, Literal } from './syntax.ts'
import { isLike, plainText } from './text.ts'

export type Predicate = (record: SalesforceRecord) => boolean

export interface ConditionScope {
  readonly bind: FieldBinder
  readonly records: RecordStore
  readonly source: string
}

/**
 * A condition as a test for records. Everything is checked here, before any record is looked at.
 * @throws `INVALID_FIELD` for unknown fields and for values of the wrong type
 */
export function compileCondition(condition: Condition, scope: ConditionScope): Predicate {
  if (condition.kind === 'group') {
    const predicates = condition.conditions.map((one) => compileCondition(one, scope))
    return condition.every
      ? (record) => predicates.every((holds) => holds(record))
      : (record) => predicates.some((holds) => holds(record))
  }
  if (condition.kind === 'not') {
    const holds = compileCondition(condition.condition, scope)
    return (record) => !holds(record)
  }
  return compilePredicate(condition, scope)
}

type FieldCondition = Extract<Condition, { readonly field: FieldPath }>

function compilePredicate(condition: FieldCondition, scope: ConditionScope): Predicate {
  const bound = scope.bind(condition.field)
  const { field } = bound
  const span = { source: scope.source, at: condition.field.at }
  requireShort(bound, 'filtered', span)
  requireOperator(condition, field, span)
  const read = (record: SalesforceRecord): FieldValue => comparable(field, valueOf(record, bound, scope.records))
  if (condition.kind === 'like') {
    return (record) => {
      const value = read(record)
      return typeof value === 'string' && isLike(value, condition.pattern)
    }
  }
  if (condition.kind === 'in') {
    const values = condition.values.map((literal) => readLiteral(literal, field, span))
    return (record) => values.some((value) => compareTo(field, read(record), value) === 0)
  }
  const value = readLiteral(condition.value, field, span)
  return (record) => isTrue(compareTo(field, read(record), value), condition.operator)
}

/** `undefined` when exactly one side is null: unequal, and neither less nor more. */
function compareTo(field: FieldSchema, one: FieldValue, other: FieldValue): number | undefined {
  if (one === null || other === null) return one === other ? 0 : undefined
  return compareValues(field, one, other)
}

function isTrue(order: number | undefined, operator: Comparison): boolean {
  switch (operator) {
    case '=':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order !== undefined && order < 0
    case '<=':
      return order !== undefined && order <= 0
    case '>':
      return order !== undefined && order > 0
    case '>=':
      return order !== undefined && order >= 0
  }
}

const literalKinds: Readonly<Record<FieldSchema['type'], Literal['kind']>> = {
  id: 'text',
  reference: 'text',
  string: 'text',
  textarea: 'text',
  picklist: 'text',
  phone: 'text',
  url: 'text',
  email: 'text',
  boolean: 'boolean',
  int: 'number',
  currency: 'number',
  datetime: 'datetime',
}

function requireOperator(condition: FieldCondition, field: FieldSchema, span: SourceSpan): void {
  const isLikeCondition = condition.kind === 'like'
  const isOrdered = condition.kind === 'compare' && condition.operator !== '=' && condition.operator !== '!='
  const isText = literalKinds[field.type] === 'text' && !isId(field)
  const hasOrder = field.type !== 'boolean' && !isId(field)
  if ((!isLikeCondition || isText) && (!isOrdered || hasOrder)) return
  throw soqlError('INVALID_QUERY_FILTER_OPERATOR', span, `invalid operator on ${field.type} field`)
}

function readLiteral(literal: Literal, field: FieldSchema, span: SourceSpan): FieldValue {
  if (literal.kind === 'null') return null
  if (literal.kind === 'date' || literal.kind !== literalKinds[field.type])
    throw soqlError('INVALID_FIELD', span, wrongType(field))
  if (literal.kind === 'datetime') return literal.at
  if (literal.kind !== 'text') return literal.value
  const text = plainText(literal.units)
  if (isId(field) && !isRecordId(text, ''))
    throw soqlError('INVALID_QUERY_FILTER_OPERATOR', span, `invalid ID field: ${text}`)
  return isId(field) ? to15(text) : text
}

function wrongType(field: FieldSchema): string {
  const isText = literalKinds[field.type] === 'text'
  const quoting = isText ? 'should be enclosed in quotes' : 'should not be enclosed in quotes'
  const type = isText ? 'string' : field.type
  return `value of filter criterion for field '${field.name}' must be of type ${type} and ${quoting}`
}
