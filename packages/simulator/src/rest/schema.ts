export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'picklist'
  | 'phone'
  | 'url'
  | 'email'
  | 'reference'
  | 'boolean'
  | 'int'
  | 'currency'
  | 'datetime'

export interface FieldSchema {
  readonly name: string
  readonly label: string
  readonly type: FieldType
  /** Longest value in characters; 0 for types that are not text. */
  readonly length: number
  readonly required: boolean
  readonly writable: boolean
  /** For references: the object pointed at, and the name under which queries reach its fields (`Owner.Name`). */
  readonly parent?: { readonly type: string; readonly relationship: string }
}

export interface ObjectSchema {
  readonly name: string
  readonly label: string
  readonly labelPlural: string
  /** The three characters every record id of this object starts with. */
  readonly keyPrefix: string
  readonly fields: readonly FieldSchema[]
}

interface FieldOptions {
  readonly length?: number
  readonly label?: string
  readonly required?: boolean
  readonly writable?: boolean
  readonly parent?: FieldSchema['parent']
}

const defaultLengths: Readonly<Partial<Record<FieldType, number>>> = {
  id: 18,
  reference: 18,
  string: 255,
  textarea: 255,
  picklist: 255,
  phone: 40,
  url: 255,
  email: 80,
}

function field(name: string, type: FieldType, options: FieldOptions = {}): FieldSchema {
  return {
    name,
    label: options.label ?? name.replace(/Id$/, ' ID').replaceAll(/([a-z])([A-Z])/g, '$1 $2'),
    type,
    length: options.length ?? defaultLengths[type] ?? 0,
    required: options.required ?? false,
    writable: options.writable ?? true,
    ...(options.parent && { parent: options.parent }),
  }
}

function reference(name: string, type: string, options: { readonly writable?: boolean } = {}): FieldSchema {
  return field(name, 'reference', { ...options, parent: { type, relationship: name.replace(/Id$/, '') } })
}

const recordId = field('Id', 'id', { writable: false, label: 'Record ID' })

const audit: readonly FieldSchema[] = [
  field('IsDeleted', 'boolean', { writable: false, label: 'Deleted' }),
  field('CreatedDate', 'datetime', { writable: false }),
  reference('CreatedById', 'User', { writable: false }),
  field('LastModifiedDate', 'datetime', { writable: false }),
  reference('LastModifiedById', 'User', { writable: false }),
  field('SystemModstamp', 'datetime', { writable: false }),
]

const account: ObjectSchema = {
  name: 'Account',
  label: 'Account',
  labelPlural: 'Accounts',
  keyPrefix: '001',
  fields: [
    recordId,
    field('Name', 'string', { label: 'Account Name', required: true }),
    field('Type', 'picklist', { label: 'Account Type' }),
    field('Industry', 'picklist'),
    field('Phone', 'phone', { label: 'Account Phone' }),
    field('Website', 'url'),
    field('AccountNumber', 'string', { length: 40 }),
    field('AnnualRevenue', 'currency'),
    field('NumberOfEmployees', 'int', { label: 'Employees' }),
    field('BillingStreet', 'textarea'),
    field('BillingCity', 'string', { length: 40 }),
    field('BillingState', 'string', { length: 80 }),
    field('BillingPostalCode', 'string', { length: 20 }),
    field('BillingCountry', 'string', { length: 80 }),
    field('Description', 'textarea', { length: 32_000, label: 'Account Description' }),
    reference('OwnerId', 'User'),
    ...audit,
  ],
}

const contact: ObjectSchema = {
  name: 'Contact',
  label: 'Contact',
  labelPlural: 'Contacts',
  keyPrefix: '003',
  fields: [
    recordId,
    reference('AccountId', 'Account'),
    field('FirstName', 'string', { length: 40 }),
    field('LastName', 'string', { length: 80, required: true }),
    field('Name', 'string', { length: 121, writable: false, label: 'Full Name' }),
    field('Title', 'string', { length: 128 }),
    field('Department', 'string', { length: 80 }),
    field('Email', 'email'),
    field('Phone', 'phone', { label: 'Business Phone' }),
    field('MobilePhone', 'phone'),
    field('MailingCity', 'string', { length: 40 }),
    field('MailingCountry', 'string', { length: 80 }),
    field('Description', 'textarea', { length: 32_000, label: 'Contact Description' }),
    reference('OwnerId', 'User'),
    ...audit,
  ],
}

const asset: ObjectSchema = {
  name: 'Asset',
  label: 'Asset',
  labelPlural: 'Assets',
  keyPrefix: '02i',
  fields: [
    recordId,
    field('Name', 'string', { label: 'Asset Name', required: true }),
    field('SerialNumber', 'string', { length: 80 }),
    reference('AccountId', 'Account'),
    reference('ContactId', 'Contact'),
    field('Status', 'picklist'),
    field('Description', 'textarea', { length: 32_000 }),
    reference('OwnerId', 'User'),
    ...audit,
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
    field('TimeZoneSidKey', 'picklist', { label: 'Time Zone' }),
    field('LocaleSidKey', 'picklist', { label: 'Locale' }),
    field('LanguageLocaleKey', 'picklist', { label: 'Language' }),
    ...audit.filter(({ name }) => name !== 'IsDeleted'),
  ],
}

export const objectSchemas: readonly ObjectSchema[] = [account, contact, asset, user]

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
