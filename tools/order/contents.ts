import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Book } from './book.ts'

const page = 'ARCHITECTURE.md'
const [opening, closing] = ['<!-- order -->', '<!-- /order -->']

/** Core's list as Markdown: one place per line, siblings on the same line. */
export function contents({ order }: Book): string {
  const link = (file: string): string => `[${file.replace(/\.ts$/, '')}](packages/core/src/${file})`
  const line = (entry: string | readonly string[], i: number): string =>
    `${i + 1}. ${[entry].flat().map(link).join(' · ')}`
  return order.map(line).join('\n')
}

/** ARCHITECTURE.md's table of contents is core's list; with `write` it is made so. */
export function checkContents(root: string, book: Book, { write }: { write: boolean }): string[] {
  const path = join(root, page)
  if (!existsSync(path)) return [`${page} is missing: core's table of contents belongs there`]
  const text = readFileSync(path, 'utf8')
  const [start, end] = [text.indexOf(opening), text.indexOf(closing)]
  if (start < 0 || end < start) return [`${page} has no ${opening} … ${closing} for core's table of contents`]
  const right = `${text.slice(0, start + opening.length)}\n\n${contents(book)}\n\n${text.slice(end)}`
  if (text === right) return []
  if (!write) return [`${page}'s table of contents differs from the list: run pnpm order --write`]
  writeFileSync(path, right)
  return []
}
