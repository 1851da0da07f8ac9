import type { User } from '../state.ts'
import { orgOf, type World } from '../world.ts'
import type { FieldValue, RecordFields } from './record-store.ts'

type Claims = Readonly<Record<string, unknown>>

/** What an actor token may say about an asset, under `asset` or beside the other claims. */
const assetFields = ['Name', 'SerialNumber', 'AccountId', 'ContactId'] as const

/**
 * Registers the device as an Asset: the record it names by id, else the one with its serial number, else a new one.
 * @returns the record's id, or undefined when an id names no record
 */
export function recordAsset(world: World, user: User, actor: Claims): string | undefined {
  const { records } = orgOf(world, user)
  const nested = actor['asset']
  const told: Claims = { ...actor, ...(typeof nested === 'object' && nested) }
  const fields: RecordFields = Object.fromEntries(
    assetFields.flatMap((name): [string, FieldValue][] => {
      const value = told[name]
      return typeof value === 'string' && value !== '' ? [[name, value]] : []
    }),
  )
  const change = { fields, by: user.id }
  if (typeof told['Id'] === 'string') return records.update('Asset', told['Id'], change)?.Id
  const serial = fields['SerialNumber']
  const known = serial && records.list('Asset').find((asset) => asset['SerialNumber'] === serial)
  if (known) return records.update('Asset', known.Id, change)?.Id
  const name = fields['Name'] ?? serial ?? (typeof actor['did'] === 'string' ? actor['did'] : 'Device')
  return records.create('Asset', { ...change, fields: { ...fields, Name: name } }).Id
}
