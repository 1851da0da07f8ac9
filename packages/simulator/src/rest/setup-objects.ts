import { audit, field, type ObjectSchema, recordId, reference } from './object-schema.ts'

// None of these is ever in the recycle bin.
const stamps = audit.filter(({ name }) => name !== 'IsDeleted')

const organization: ObjectSchema = {
  name: 'Organization',
  label: 'Organization',
  labelPlural: 'Organizations',
  keyPrefix: '00D',
  isSetup: true,
  fields: [
    recordId,
    field('Name', 'string', { length: 80 }),
    field('OrganizationType', 'picklist', { label: 'Edition' }),
    field('IsSandbox', 'boolean'),
    ...stamps,
  ],
}

const user: ObjectSchema = {
  name: 'User',
  label: 'User',
  labelPlural: 'Users',
  keyPrefix: '005',
  fields: [
    recordId,
    field('Username', 'string', { length: 80, required: true }),
    field('FirstName', 'string', { length: 40 }),
    field('LastName', 'string', { length: 80, required: true }),
    field('Name', 'string', { length: 121, writable: false, label: 'Full Name' }),
    field('Email', 'email', { length: 128, required: true }),
    field('Alias', 'string', { length: 8 }),
    field('Title', 'string', { length: 80 }),
    field('Department', 'string', { length: 80 }),
    field('Phone', 'phone'),
    field('IsActive', 'boolean', { label: 'Active' }),
    field('UserType', 'picklist', { writable: false }),
    reference('ProfileId', 'Profile', { writable: false }),
    field('TimeZoneSidKey', 'picklist', { label: 'Time Zone' }),
    field('LocaleSidKey', 'picklist', { label: 'Locale' }),
    field('LanguageLocaleKey', 'picklist', { label: 'Language' }),
    ...stamps,
  ],
}

const profile: ObjectSchema = {
  name: 'Profile',
  label: 'Profile',
  labelPlural: 'Profiles',
  keyPrefix: '00e',
  readers: 'internalUsers',
  isSetup: true,
  fields: [recordId, field('Name', 'string'), ...stamps],
}

const permissionSet: ObjectSchema = {
  name: 'PermissionSet',
  label: 'Permission Set',
  labelPlural: 'Permission Sets',
  keyPrefix: '0PS',
  readers: 'setupViewers',
  isSetup: true,
  fields: [
    recordId,
    field('Name', 'string', { length: 80 }),
    field('Type', 'picklist'),
    field('IsOwnedByProfile', 'boolean'),
    reference('ProfileId', 'Profile'),
    ...stamps,
  ],
}

const permissionSetGroup: ObjectSchema = {
  name: 'PermissionSetGroup',
  label: 'Permission Set Group',
  labelPlural: 'Permission Set Groups',
  keyPrefix: '0PG',
  readers: 'setupViewers',
  isSetup: true,
  fields: [recordId, field('DeveloperName', 'string', { length: 80 }), ...stamps],
}

const permissionSetAssignment: ObjectSchema = {
  name: 'PermissionSetAssignment',
  label: 'Permission Set Assignment',
  labelPlural: 'Permission Set Assignments',
  keyPrefix: '0Pa',
  readers: 'setupViewers',
  isSetup: true,
  fields: [
    recordId,
    reference('AssigneeId', 'User'),
    reference('PermissionSetId', 'PermissionSet'),
    reference('PermissionSetGroupId', 'PermissionSetGroup'),
    field('IsActive', 'boolean', { label: 'Active' }),
    field('ExpirationDate', 'datetime'),
    field('SystemModstamp', 'datetime'),
  ],
}

const customPermission: ObjectSchema = {
  name: 'CustomPermission',
  label: 'Custom Permission',
  labelPlural: 'Custom Permissions',
  keyPrefix: '0CP',
  readers: 'setupViewers',
  isSetup: true,
  fields: [recordId, field('DeveloperName', 'string', { length: 80 }), ...stamps],
}

export const setupObjects: readonly ObjectSchema[] = [
  organization,
  user,
  profile,
  permissionSet,
  permissionSetGroup,
  permissionSetAssignment,
  customPermission,
]
