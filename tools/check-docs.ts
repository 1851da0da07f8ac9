/** Compiles the documentation's code and follows its relative links: `node tools/check-docs.ts [root]`. */
import { join, resolve } from 'node:path'
import { compile } from './docs/compile.ts'
import { checkLinks } from './docs/links.ts'
import { pages, read } from './docs/pages.ts'

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '..'))
const found = pages(root).map((page) => ({ path: page.path, ...read(page) }))
const blocks = found.flatMap((page) => page.blocks)
const problems = [
  ...found.flatMap((page) => page.problems),
  ...found.flatMap(({ path, prose }) => checkLinks(root, path, prose)),
  ...(await compile(root, blocks)),
]
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else console.log(`The documentation holds: ${found.length} pages, ${blocks.length} code blocks`)
