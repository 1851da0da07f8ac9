import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { command } from '../command.ts'

export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports?: Record<string, unknown>
  readonly devDependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
  readonly peerDependenciesMeta?: Record<string, { readonly optional?: boolean }>
}

export interface Tarball {
  /** As packed, which is what users get. */
  readonly manifest: Manifest
  readonly path: string
}

const bin = join(import.meta.dirname, '../../node_modules/.bin')

/** The folders of the packages that are published. */
export function publicPackages(root: string): string[] {
  return globSync('packages/*/package.json', { cwd: root })
    .filter((path) => (JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest).private !== true)
    .map((path) => dirname(join(root, path)))
    .sort()
}

/** @throws Error with pnpm's words when the package cannot be packed. */
export async function pack(home: string, destination: string): Promise<Tarball> {
  const packed = await command('pnpm', ['pack', '--json', '--pack-destination', destination], { cwd: home })
  if (packed.code !== 0) throw new Error(`pnpm pack failed in ${home}:\n${packed.output}`)
  const { filename } = JSON.parse(packed.output.slice(packed.output.indexOf('{'))) as { filename: string }
  const path = join(destination, filename.slice(filename.lastIndexOf('/') + 1))
  const read = await command('tar', ['-xOzf', path, 'package/package.json'], { cwd: destination })
  return { manifest: JSON.parse(read.output) as Manifest, path }
}

/** What publint and attw say against a tarball. */
export async function lint({ manifest, path }: Tarball): Promise<string[]> {
  const cwd = import.meta.dirname
  const checks = await Promise.all([
    command(join(bin, 'publint'), ['--strict', path], { cwd }),
    command(join(bin, 'attw'), [path, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii'], { cwd }),
  ])
  return checks.filter(({ code }) => code !== 0).map(({ output }) => `${manifest.name}\n${output.trim()}`)
}
