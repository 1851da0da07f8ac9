import { readJson } from './tree.ts'

export const bookPath = 'packages/core/order.json'

export interface Book {
  /** File names relative to packages/core/src; an inner array holds siblings, blind to each other. */
  readonly order: readonly (string | readonly string[])[]
  /** The files that may import `node:` modules. */
  readonly node: readonly string[]
}

/** @throws Error when order.json is missing or has another shape. */
export function readBook(root: string): Book {
  const book = readJson(root, bookPath)
  if (book === undefined) throw new Error(`${bookPath} is missing: list core's source files in reading order`)
  if (!isBook(book)) throw new Error(`${bookPath} must be { "order": [file | [file, …], …], "node": [file, …] }`)
  return book
}

/** Where each file stands; siblings share a place. */
export function places({ order }: Book): Map<string, number> {
  return new Map(order.flatMap((entry, place) => [entry].flat().map((file) => [file, place] as const)))
}

function isBook(value: unknown): value is Book {
  if (typeof value !== 'object' || value === null) return false
  const { order, node } = value as Partial<Record<string, unknown>>
  return Array.isArray(order) && order.every((entry) => isName(entry) || isNames(entry)) && isNames(node)
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isName)
}

function isName(value: unknown): value is string {
  return typeof value === 'string'
}
