import { existsSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { command } from '../command.ts'

const oxfmt = join(import.meta.dirname, '../../node_modules/.bin/oxfmt')

/**
 * The pages (path → text) as the formatter leaves them, with the repository's settings.
 * @throws Error when the formatter fails.
 */
export async function format(root: string, pages: ReadonlyMap<string, string>): Promise<Map<string, string>> {
  if (pages.size === 0) return new Map()
  const desk = mkdtempSync(join(tmpdir(), 'orgpass-docs-'))
  try {
    const settings = join(root, '.oxfmtrc.json')
    if (existsSync(settings)) copyFileSync(settings, join(desk, '.oxfmtrc.json'))
    for (const [path, text] of pages) {
      mkdirSync(dirname(join(desk, path)), { recursive: true })
      writeFileSync(join(desk, path), text)
    }
    const { code, output } = await command(oxfmt, ['docs'], { cwd: desk })
    if (code !== 0) throw new Error(`The pages could not be formatted:\n${output}`)
    return new Map([...pages.keys()].map((path) => [path, readFileSync(join(desk, path), 'utf8')]))
  } finally {
    rmSync(desk, { recursive: true, force: true })
  }
}
