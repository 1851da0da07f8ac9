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
  /** Who may read it when not everybody: people of the company, or those of them who may look into Setup. */
  readonly readers?: 'internalUsers' | 'setupViewers'
  /** Changed in Setup only, never by the API. */
  readonly isSetup?: true
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

export function field(name: string, type: FieldType, options: FieldOptions = {}): FieldSchema {
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

export function reference(name: string, type: string, options: { readonly writable?: boolean } = {}): FieldSchema {
  return field(name, 'reference', { ...options, parent: { type, relationship: name.replace(/Id$/, '') } })
}

export const recordId: FieldSchema = field('Id', 'id', { writable: false, label: 'Record ID' })

export const audit: readonly FieldSchema[] = [
  field('IsDeleted', 'boolean', { writable: false, label: 'Deleted' }),
  field('CreatedDate', 'datetime', { writable: false }),
  reference('CreatedById', 'User', { writable: false }),
  field('LastModifiedDate', 'datetime', { writable: false }),
  reference('LastModifiedById', 'User', { writable: false }),
  field('SystemModstamp', 'datetime', { writable: false }),
]
