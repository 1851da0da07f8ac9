import { findField, findObject } from '../rest/schema.ts'
import type { SeedFault, SeedOrg, SeedRecord } from './seed.ts'

const objects = ['Account', 'Contact']

/** Records of unknown objects, with unknown fields, or that point at nothing. */
export function recordFaults(org: SeedOrg, path: string): SeedFault[] {
  return Object.entries(org.records ?? {}).flatMap(([type, rows]) => {
    if (!objects.includes(type)) {
      const hint = `Known: ${objects.join(', ')}. People belong under "users".`
      return [{ path: `${path}.${type}`, problem: 'is no object of the simulator', hint }]
    }
    return rows.flatMap((row, index) => rowFaults(org, { type, row, path: `${path}.${type}[${index}]` }))
  })
}

interface Row {
  type: string
  row: SeedRecord
  path: string
}

function rowFaults(org: SeedOrg, { type, row, path }: Row): SeedFault[] {
  const { Account: account, Owner: owner, ...fields } = row
  const faults = Object.keys(fields).flatMap((name): SeedFault[] => {
    const schema = findObject(type)
    if (!schema || findField(schema, name)?.name === name) return []
    const hint = `Known: ${schema.fields.map((field) => field.name).join(', ')}, Account (a name), Owner (a username).`
    return [{ path: `${path}.${name}`, problem: `is no field of ${type}`, hint }]
  })
  const name = type === 'Account' ? 'Name' : 'LastName'
  if (typeof row[name] !== 'string') {
    faults.push({ path: `${path}.${name}`, problem: 'is missing', hint: `Every ${type} needs a ${name}.` })
  }
  const accounts = org.records?.['Account'] ?? []
  if (account !== undefined && !accounts.some((one) => one['Name'] === account)) {
    const hint = 'Write the Name of an Account seeded in the same org.'
    faults.push({ path: `${path}.Account`, problem: 'names an unknown account', hint })
  }
  if (owner !== undefined && !org.users.some((user) => user.username === owner)) {
    const hint = 'Write the username of a user of the same org.'
    faults.push({ path: `${path}.Owner`, problem: 'names an unknown user', hint })
  }
  return faults
}
