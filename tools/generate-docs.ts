/** Fills the generated parts of the documentation: `node tools/generate-docs.ts --write|--check [root]`. */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { format } from './generate/format.ts'
import { fillRegions } from './generate/regions.ts'

const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean' }, check: { type: 'boolean' } },
  allowPositionals: true,
})
const root = resolve(positionals[0] ?? join(import.meta.dirname, '..'))

async function stalePages(): Promise<Map<string, string>> {
  const before = new Map(
    globSync('docs/**/*.md', { cwd: root }).map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  )
  const filled = [...before].flatMap(([path, text]) => {
    const page = fillRegions(text)
    return page === undefined ? [] : [[path, page] as const]
  })
  const after = await format(root, new Map(filled))
  return new Map([...after].filter(([path, text]) => text !== before.get(path)))
}

if (values.write === values.check) {
  console.error('Say --write to fill the generated parts of the documentation, or --check to compare them.')
  process.exitCode = 1
} else {
  try {
    for (const [path, text] of await stalePages()) {
      if (values.write === true) writeFileSync(join(root, path), text)
      else {
        console.error(`${path} is not what is generated now: run npx pnpm@12.21.0 docs:write`)
        process.exitCode = 1
      }
    }
    if (process.exitCode === undefined) console.log('The generated documentation is current')
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
