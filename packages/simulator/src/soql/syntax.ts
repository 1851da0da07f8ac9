import type { TextUnit } from './text.ts'

/** `Name`, or `Owner.Name`. */
export interface FieldPath {
  readonly names: readonly string[]
  readonly at: number
}

export type Literal =
  | { readonly kind: 'text'; readonly units: readonly TextUnit[] }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'date' }
  | { readonly kind: 'datetime'; readonly at: number }

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='

export type Condition =
  | { readonly kind: 'group'; readonly every: boolean; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'compare'; readonly field: FieldPath; readonly operator: Comparison; readonly value: Literal }
  | { readonly kind: 'like'; readonly field: FieldPath; readonly pattern: readonly TextUnit[] }
  | { readonly kind: 'in'; readonly field: FieldPath; readonly values: readonly Literal[] }

export interface Ordering {
  readonly field: FieldPath
  readonly descending: boolean
  readonly nulls: 'first' | 'last'
}

export interface Query {
  readonly source: string
  /** `'count'` for SELECT COUNT(). */
  readonly select: 'count' | readonly FieldPath[]
  readonly from: { readonly name: string; readonly at: number }
  readonly where?: Condition
  readonly orderBy: readonly Ordering[]
  readonly limit?: number
  readonly offset: number
}
