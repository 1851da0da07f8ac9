import { audit, field, type ObjectSchema, recordId, reference } from './object-schema.ts'

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

export const businessObjects: readonly ObjectSchema[] = [account, contact, asset]
