import type { RecordAttributes } from '../rest/record-json.ts'
import { recordAttributes } from '../rest/record-json.ts'
import type { ObjectFinder } from '../rest/caller.ts'
import type { FieldValue, RecordStore, SalesforceRecord } from '../rest/record-store.ts'
import { comparable, compareValues } from './compare.ts'
import { compileCondition } from './conditions.ts'
import type { BoundField } from './fields.ts'
import { bindObject, fieldBinder, parentOf, requireShort, valueOf } from './fields.ts'
import { parseQuery } from './parser.ts'
import type { Ordering } from './syntax.ts'

export interface QueryOptions {
  readonly records: RecordStore
  /** The objects that the caller may read. */
  readonly findObject: ObjectFinder
  /** API version without the v, for record addresses: `68.0`. */
  readonly version: string
}

export interface QueryResult {
  readonly totalSize: number
  readonly done: true
  readonly records: readonly QueryRecord[]
}

export interface QueryRecord {
  readonly [name: string]: FieldValue | RecordAttributes | QueryRecord
}

/**
 * What `GET …/query?q=` answers. All records come in one batch.
 * @throws `RestError` `MALFORMED_QUERY`, `INVALID_TYPE`, `INVALID_FIELD`, `INVALID_QUERY_FILTER_OPERATOR` or
 *   `NUMBER_OUTSIDE_VALID_RANGE`
 */
export function runQuery(soql: string, { records, findObject, version }: QueryOptions): QueryResult {
  const query = parseQuery(soql)
  const schema = bindObject(query, findObject)
  const bind = fieldBinder(schema, { source: query.source, findObject })
  const shown = query.select === 'count' ? [] : query.select.map(bind)
  const matches = query.where && compileCondition(query.where, { bind, records, source: query.source })
  const keys = query.orderBy.map((ordering) => {
    const bound = bind(ordering.field)
    requireShort(bound, 'sorted', { source: query.source, at: ordering.field.at })
    return { ...ordering, bound }
  })

  const found = records
    .list(schema.name)
    .filter((record) => matches?.(record) ?? true)
    .toSorted((one, other) => compareRecords(one, other, { keys, records }))
    .slice(query.offset, query.limit === undefined ? undefined : query.offset + query.limit)

  const rows = query.select === 'count' ? [] : found.map((record) => showRecord(record))
  return { totalSize: found.length, done: true, records: rows }

  function showRecord(record: SalesforceRecord): QueryRecord {
    const row: Record<string, FieldValue | RecordAttributes | QueryRecord> = {
      attributes: recordAttributes(schema.name, record.Id, version),
    }
    for (const bound of shown) {
      if (bound.parent) row[bound.parent.relationship] = showParent(record, bound, row[bound.parent.relationship])
      else row[bound.field.name] = valueOf(record, bound, records)
    }
    return row
  }

  function showParent(record: SalesforceRecord, bound: BoundField, shownSoFar: QueryRecord[string] | undefined) {
    const parent = parentOf(record, bound, records)
    if (!parent || !bound.parent) return null
    return {
      attributes: recordAttributes(bound.parent.schema.name, parent.Id, version),
      ...(typeof shownSoFar === 'object' && shownSoFar),
      [bound.field.name]: parent[bound.field.name] ?? null,
    }
  }
}

interface SortKey extends Ordering {
  readonly bound: BoundField
}

interface SortRules {
  readonly keys: readonly SortKey[]
  readonly records: RecordStore
}

function compareRecords(one: SalesforceRecord, other: SalesforceRecord, { keys, records }: SortRules): number {
  for (const key of keys) {
    const read = (record: SalesforceRecord): FieldValue =>
      comparable(key.bound.field, valueOf(record, key.bound, records))
    const order = compareByKey(read(one), read(other), key)
    if (order !== 0) return order
  }
  return 0
}

function compareByKey(one: FieldValue, other: FieldValue, { bound, descending, nulls }: SortKey): number {
  if (one === null || other === null) {
    const nullsFirst = Number(other === null) - Number(one === null)
    return nulls === 'first' ? nullsFirst : -nullsFirst
  }
  return compareValues(bound.field, one, other) * (descending ? -1 : 1)
}
