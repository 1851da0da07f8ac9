import { numberedId, to15, to18 } from '../ids.ts'
import type { ObjectSchema } from './object-schema.ts'
import { findObject, objectSchemas } from './schema.ts'

export type FieldValue = string | number | boolean | null
export type RecordFields = Readonly<Record<string, FieldValue>>

/** A stored record: every field of its object is present, `null` where nothing was given. */
export type SalesforceRecord = RecordFields & { readonly Id: string }

export interface RecordChange {
  readonly fields: RecordFields
  /** Id of the user who makes the change; it becomes CreatedById or LastModifiedById. */
  readonly by: string
}

export interface RecordStore {
  list(type: string): readonly SalesforceRecord[]
  /** By 15- or 18-character id. */
  get(type: string, id: string): SalesforceRecord | undefined
  isDeleted(type: string, id: string): boolean
  create(type: string, change: RecordChange): SalesforceRecord
  /** `undefined` when there is no such record. */
  update(type: string, id: string, change: RecordChange): SalesforceRecord | undefined
  delete(type: string, id: string): boolean
}

export interface RecordStoreSeed {
  /** Records by object name. `Id` is optional; OwnerId defaults to the first user. */
  readonly records: Readonly<Record<string, readonly RecordFields[]>>
  /** Epoch milliseconds; also the CreatedDate of seeded records. */
  readonly now: () => number
}

interface Table {
  readonly schema: ObjectSchema
  readonly live: Map<string, SalesforceRecord>
  readonly deleted: Set<string>
  issued: number
}

/** The records of one org, in memory. Field names are checked by the caller (`writeFaults`), not here. */
export function createRecordStore({ records, now }: RecordStoreSeed): RecordStore {
  const tables = new Map<string, Table>(
    objectSchemas.map((schema) => [schema.name, { schema, live: new Map(), deleted: new Set(), issued: 0 }]),
  )
  const table = (type: string): Table | undefined => tables.get(findObject(type)?.name ?? '')

  function nextId(target: Table): string {
    do target.issued += 1
    while (target.live.has(to15(numberedId(target.schema.keyPrefix, target.issued))))
    return numberedId(target.schema.keyPrefix, target.issued)
  }

  function create(type: string, { fields, by }: RecordChange): SalesforceRecord {
    const target = table(type)
    if (!target) throw new TypeError(`The simulator has no object "${type}". Known: ${[...tables.keys()].join(', ')}.`)
    const at = salesforceTime(now())
    const id = typeof fields['Id'] === 'string' ? to18(fields['Id']) : nextId(target)
    const owned = findObject(type)?.fields.some(({ name }) => name === 'OwnerId')
    const record = complete(target.schema, {
      ...(owned && { OwnerId: by }),
      IsDeleted: false,
      CreatedDate: at,
      CreatedById: by,
      LastModifiedDate: at,
      LastModifiedById: by,
      SystemModstamp: at,
      ...fields,
      Id: id,
    })
    target.live.set(to15(id), record)
    return record
  }

  for (const fields of records['User'] ?? []) create('User', { fields, by: String(fields['Id'] ?? '') })
  const firstUser = tables.get('User')?.live.values().next().value?.Id ?? ''
  for (const [type, rows] of Object.entries(records)) {
    if (type !== 'User') for (const fields of rows) create(type, { fields, by: firstUser })
  }

  return {
    create,
    list: (type) => [...(table(type)?.live.values() ?? [])],
    get: (type, id) => table(type)?.live.get(to15(id)),
    isDeleted: (type, id) => table(type)?.deleted.has(to15(id)) ?? false,
    update(type, id, { fields, by }) {
      const target = table(type)
      const record = target?.live.get(to15(id))
      if (!target || !record) return undefined
      const at = salesforceTime(now())
      const stamp = { LastModifiedDate: at, LastModifiedById: by, SystemModstamp: at }
      const changed = complete(target.schema, { ...record, ...fields, ...stamp, Id: record.Id })
      target.live.set(to15(id), changed)
      return changed
    },
    delete(type, id) {
      const target = table(type)
      if (!target?.live.delete(to15(id))) return false
      target.deleted.add(to15(id))
      return true
    },
  }
}

function complete(schema: ObjectSchema, given: RecordFields & { readonly Id: string }): SalesforceRecord {
  const byName = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]))
  const entries = schema.fields.map(({ name, type }): [string, FieldValue] => [
    name,
    byName.get(name.toLowerCase()) ?? (type === 'boolean' ? false : null),
  ])
  const record: SalesforceRecord = { ...Object.fromEntries(entries), Id: given.Id }
  // Salesforce computes a person's Name; writes to it are refused elsewhere.
  if (record['LastName'] === undefined) return record
  return { ...record, Name: [record['FirstName'], record['LastName']].filter(Boolean).join(' ') }
}

/** The REST API's spelling of a moment: `2026-11-22T10:00:00.000+0000`, not ISO's `Z`. */
export function salesforceTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '+0000')
}
