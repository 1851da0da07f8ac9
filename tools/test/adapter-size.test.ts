import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const packages = join(import.meta.dirname, '../../packages')

/** The lines of an adapter that are neither blank nor comment. */
function linesOf(adapter: string): number {
  const files = globSync('src/**/*.ts', { cwd: join(packages, adapter) })
  if (files.length === 0) throw new Error(`${adapter} has no source`)
  return files.map((file) => countLines(readFileSync(join(packages, adapter, file), 'utf8'))).reduce((a, b) => a + b)
}

function countLines(text: string): number {
  // A comment ends its line here; what stands in a string, such as an address, has no blank before it.
  const code = text.replaceAll(/^\s*\/\*[^]*?\*\/\s*$/gm, '').replaceAll(/^\s*\/\/.*$/gm, '')
  return code.split('\n').filter((line) => line.trim() !== '').length
}

test('counts what is neither blank nor comment', () => {
  expect(countLines("/** One. */\nconst a = 'http://a'\n\n/*\n * Two.\n */\nconst b = 1 // why\n  // three\n")).toBe(2)
})

test.each([
  ['express', 120],
  ['koa', 120],
  ['hono', 120],
  ['nest', 350],
])('the adapter for %s has at most %i lines of source', (adapter, most) => {
  const lines = linesOf(adapter)
  expect(lines).toBeGreaterThan(10)
  expect(lines).toBeLessThanOrEqual(most)
})
