import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command } from '../command.ts'
import { linkPackages } from './link-packages.ts'
import type { Block } from './pages.ts'

const tsc = join(import.meta.dirname, '../../node_modules/.bin/tsc')

// What belongs to this repository's own style and not to a reader's program is switched off.
const compilerOptions = {
  noEmit: true,
  composite: false,
  declaration: false,
  declarationMap: false,
  isolatedDeclarations: false,
  rewriteRelativeImportExtensions: false,
  allowImportingTsExtensions: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  allowJs: true,
  checkJs: true,
  noUnusedLocals: false,
  noUnusedParameters: false,
  noPropertyAccessFromIndexSignature: false,
}

const languages = ['ts', 'js']
const disguises = ['typescript', 'javascript', 'mts', 'mjs', 'cts', 'cjs', 'tsx', 'jsx']

/** Compiles every `ts` and `js` block as a module of its own and reports against the pages' lines. */
export async function compile(root: string, blocks: readonly Block[]): Promise<string[]> {
  const refused = blocks.flatMap(refuse)
  const programs = blocks.filter(({ info }) => languages.includes(info))
  if (programs.length === 0) return refused

  const cache = join(root, 'node_modules/.cache/docs')
  rmSync(cache, { recursive: true, force: true })
  mkdirSync(cache, { recursive: true })
  linkPackages(root, join(cache, 'node_modules'))
  const files = new Map(programs.map((block, i) => [`block-${i + 1}.${block.info}`, block]))
  for (const [name, { page, line, code }] of files) writeFileSync(join(cache, name), `// ${page}:${line}\n${code}\n`)
  writeFileSync(join(cache, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const config = { extends: join(root, 'tsconfig.base.json'), compilerOptions, files: [...files.keys()] }
  writeFileSync(join(cache, 'tsconfig.json'), JSON.stringify(config, null, 2))
  const { code, output } = await command(tsc, ['-p', 'tsconfig.json', '--pretty', 'false'], { cwd: cache })
  return code === 0 ? refused : [...refused, ...attribute(output, files)]
}

function refuse({ page, line, info }: Block): string[] {
  const [language = '', ...rest] = info.split(/[\s{,:]+/)
  if (disguises.includes(language.toLowerCase())) return [`${page}:${line} is marked ${language}: use ts or js`]
  if (!languages.includes(language.toLowerCase()) || info === language.toLowerCase()) return []
  const extra = rest.length > 0 ? rest.join(' ') : info
  return [`${page}:${line} is marked "${extra}": a ts or js block takes no mark, because every one is compiled`]
}

function attribute(output: string, files: Map<string, Block>): string[] {
  const found = output.split(/\n(?=\S)/).flatMap((entry) => {
    const [, name = '', line = '', rest = ''] =
      /^(?:\.\/)?([^(/]+)\((\d+),\d+\): error ([^]*)$/.exec(entry.trimEnd()) ?? []
    const block = files.get(name)
    return block === undefined ? [] : [`${block.page}:${block.line + Number(line) - 1} ${rest}`]
  })
  // Faults in the packages themselves are the typecheck's to report, unless nothing else explains the failure.
  return found.length > 0 ? found : [`The documentation's code could not be compiled:\n${output.trimEnd()}`]
}
