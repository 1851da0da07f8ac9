import type { FieldValue, SalesforceRecord } from './record-store.ts'

export interface RecordAttributes {
  readonly type: string
  readonly url: string
}

/** What the REST API puts first in every record it returns. */
export function recordAttributes(type: string, id: string, version: string): RecordAttributes {
  return { type, url: `/services/data/v${version}/sobjects/${type}/${id}` }
}

export interface RecordJsonOptions {
  readonly version: string
  /** Field names to show, spelled as in the schema; all when absent. */
  readonly fields?: readonly string[]
}

export function recordJson(
  type: string,
  record: SalesforceRecord,
  { version, fields }: RecordJsonOptions,
): Record<string, FieldValue | RecordAttributes> {
  const names = fields ?? Object.keys(record)
  const shown = names.map((name): [string, FieldValue] => [name, record[name] ?? null])
  return { attributes: recordAttributes(type, record.Id, version), ...Object.fromEntries(shown) }
}
