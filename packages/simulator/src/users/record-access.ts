import { to15 } from '../ids.ts'
import type { RecordFields, RecordStore, SalesforceRecord } from '../rest/record-store.ts'
import type { User } from '../state.ts'

/** Brings an org's records to what Setup says of a user: profile, permission sets and groups, custom permissions. */
export function recordAccess(records: RecordStore, user: User): void {
  const by = user.id
  const ensure = (type: string, fields: RecordFields): SalesforceRecord =>
    findRecord(records, type, fields) ?? records.create(type, { fields, by })

  const profile = ensure('Profile', { Name: user.profile })
  records.update('User', user.id, { fields: { ProfileId: profile.Id }, by })
  for (const old of records.list('PermissionSetAssignment')) {
    if (old['AssigneeId'] === user.id) records.delete('PermissionSetAssignment', old.Id)
  }

  const assign = (set: RecordFields, group?: SalesforceRecord): void => {
    const { Id } = ensure('PermissionSet', set)
    const fields = { AssigneeId: user.id, PermissionSetId: Id, PermissionSetGroupId: group?.Id ?? null, IsActive: true }
    records.create('PermissionSetAssignment', { fields, by })
  }
  // What a profile itself allows is a permission set of its own, assigned like any other.
  assign({ Name: `X${to15(profile.Id)}`, Type: 'Profile', IsOwnedByProfile: true, ProfileId: profile.Id })
  for (const Name of user.permissionSets) assign({ Name, Type: 'Regular', IsOwnedByProfile: false })
  for (const name of user.permissionSetGroups) {
    // A group stands for its members with one set, which has the group's name.
    const group = ensure('PermissionSetGroup', { DeveloperName: name })
    assign({ Name: name, Type: 'Group', IsOwnedByProfile: false }, group)
  }
  for (const name of user.customPermissions) ensure('CustomPermission', { DeveloperName: name })
}

/** The custom permissions a user holds, by API name, with their ids: what the scope of that name shows. */
export function customPermissionsOf(records: RecordStore, user: User): Readonly<Record<string, string>> {
  const idOf = (name: string): string => findRecord(records, 'CustomPermission', { DeveloperName: name })?.Id ?? ''
  return Object.fromEntries(user.customPermissions.map((name) => [name, idOf(name)]))
}

function findRecord(records: RecordStore, type: string, fields: RecordFields): SalesforceRecord | undefined {
  return records.list(type).find((record) => Object.entries(fields).every(([name, value]) => record[name] === value))
}
