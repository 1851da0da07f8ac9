import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { linkPackages } from '../docs/link-packages.ts'
import { read } from '../docs/pages.ts'

const root = join(import.meta.dirname, '../..')

/**
 * Runs every `ts` block of a page in turn, each as a module of its own, and answers what they export together. Tells at
 * which line the next one stands.
 * @throws Error when the page has none; whatever its code throws.
 */
export async function runPage(path: string, next: (line: number) => void): Promise<Readonly<Record<string, unknown>>> {
  const { blocks } = read({ path, lines: readFileSync(path, 'utf8').split(/\r?\n/) })
  const programs = blocks.filter(({ info }) => info === 'ts')
  if (programs.length === 0) throw new Error(`${path} has no ts block to run.`)
  // Outside of the repository: Node strips no types below node_modules, and nothing else may find these files.
  const desk = mkdtempSync(join(tmpdir(), 'orgpass-flow-'))
  try {
    mkdirSync(join(desk, 'node_modules'))
    linkPackages(root, join(desk, 'node_modules'))
    writeFileSync(join(desk, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
    const exported: Record<string, unknown> = {}
    for (const { line, code } of programs) {
      const file = join(desk, `line-${line}.ts`)
      // Errors then name the lines of the page.
      writeFileSync(file, '\n'.repeat(line) + code)
      next(line)
      Object.assign(exported, await import(pathToFileURL(file).href))
    }
    return exported
  } finally {
    rmSync(desk, { recursive: true, force: true })
  }
}
