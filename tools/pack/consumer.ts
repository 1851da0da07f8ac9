import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command } from '../command.ts'
import type { Tarball } from './tarball.ts'

const tsc = join(import.meta.dirname, '../../node_modules/.bin/tsc')

/** Installs the tarballs into a project of its own, as a user would, and loads and compiles every entry. */
export async function consume(folder: string, tarballs: readonly Tarball[]): Promise<string[]> {
  mkdirSync(folder, { recursive: true })
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  const local = Object.fromEntries(tarballs.map(({ manifest, path }) => [manifest.name, `file:${path}`]))
  const dependencies = { ...optionalPeers(tarballs), ...local }
  write('package.json', JSON.stringify({ private: true, dependencies, devDependencies: types(tarballs) }))
  // JSON is YAML. The overrides keep one of our packages from asking the registry for another.
  write('pnpm-workspace.yaml', JSON.stringify({ packages: [], overrides: local, minimumReleaseAge: 0 }))
  const install = ['install', '--prefer-offline', '--ignore-scripts', '--no-frozen-lockfile', '--reporter=append-only']
  const installed = await command('pnpm', install, { cwd: folder })
  if (installed.code !== 0) return [`The tarballs cannot be installed:\n${installed.output.trim()}`]

  const entries = tarballs.flatMap(({ manifest }) => entriesOf(manifest.name, manifest.exports ?? {}))
  write('load.mjs', entries.map((entry) => `await import('${entry}')\n`).join(''))
  write('load.cjs', entries.map((entry) => `require('${entry}')\n`).join(''))
  write('types.mts', entries.map((entry, i) => `export * as _${i} from '${entry}'\n`).join(''))
  write('types.cts', entries.map((entry, i) => `import _${i} = require('${entry}')\nexport { _${i} }\n`).join(''))
  write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['types.mts', 'types.cts'] }))
  const [esm, cjs, compiled] = await Promise.all([
    command(process.execPath, ['load.mjs'], { cwd: folder }),
    command(process.execPath, ['load.cjs'], { cwd: folder }),
    command(tsc, ['-p', '.', '--pretty', 'false'], { cwd: folder }),
  ])
  return [
    ...(esm.code === 0 ? [] : [`import fails:\n${esm.output.trim()}`]),
    ...(cjs.code === 0 ? [] : [`require() fails on Node ${process.version}:\n${cjs.output.trim()}`]),
    ...(compiled.code === 0 ? [] : ourFaults(compiled.output)),
  ]
}

const compilerOptions = {
  noEmit: true,
  strict: true,
  module: 'nodenext',
  target: 'es2023',
  lib: ['es2023', 'dom', 'dom.iterable'],
  types: ['node'],
  // Our declarations are what is looked at here.
  skipLibCheck: false,
}

function entriesOf(name: string, exports: Record<string, unknown>): string[] {
  return Object.keys(exports)
    .filter((key) => key !== './package.json')
    .map((key) => name + key.slice(1))
}

/** What is installed only by who uses it; every entry is used here. */
function optionalPeers(tarballs: readonly Tarball[]): Record<string, string> {
  const peers = tarballs.flatMap(({ manifest: { peerDependencies = {}, peerDependenciesMeta = {} } }) =>
    Object.entries(peerDependencies).filter(([name]) => peerDependenciesMeta[name]?.optional === true),
  )
  return Object.fromEntries(peers)
}

function types(tarballs: readonly Tarball[]): Record<string, string> {
  const wanted = tarballs.flatMap(({ manifest }) => Object.entries(manifest.devDependencies ?? {}))
  return { '@types/node': '*', ...Object.fromEntries(wanted.filter(([name]) => name.startsWith('@types/'))) }
}

// Other people's declarations may have faults that nobody here can mend.
function ourFaults(output: string): string[] {
  const foreign = (line: string): boolean =>
    line.startsWith('node_modules/') && !line.includes('node_modules/@orgpass/')
  const ours = output.split('\n').filter((line) => line.includes('error TS') && !foreign(line))
  return ours.length > 0 ? [`A TypeScript consumer does not compile:\n${ours.join('\n')}`] : []
}
