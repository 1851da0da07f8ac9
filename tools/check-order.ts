/** Keeps the architecture true: `node tools/check-order.ts [--write] [root]`; `--write` renews ARCHITECTURE.md's list. */
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readBook } from './order/book.ts'
import { checkBoundaries } from './order/boundaries.ts'
import { checkContents } from './order/contents.ts'
import { checkCore } from './order/core.ts'
import { checkLengths } from './order/lengths.ts'

const { values, positionals } = parseArgs({ options: { write: { type: 'boolean' } }, allowPositionals: true })
const root = resolve(positionals[0] ?? join(import.meta.dirname, '..'))

function problems(): string[] {
  const book = readBook(root)
  const contents = checkContents(root, book, { write: values.write === true })
  return [...checkCore(root, book), ...checkBoundaries(root), ...checkLengths(root), ...contents]
}

try {
  const found = problems()
  for (const problem of found) console.error(problem)
  if (found.length > 0) process.exitCode = 1
  else console.log('The order holds')
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
