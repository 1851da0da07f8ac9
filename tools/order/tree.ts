import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string
  readonly text: string
}

/** Files below `root`, in alphabetical order, without what builds and installs leave behind. */
export function sources(root: string, ...patterns: string[]): SourceFile[] {
  return globSync(patterns, { cwd: root, exclude: (path) => /(?:^|[\\/])(?:node_modules|dist)(?:[\\/]|$)/.test(path) })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** Undefined when there is no such file. @throws SyntaxError naming the file when it is no JSON. */
export function readJson(root: string, path: string): unknown {
  if (!existsSync(join(root, path))) return undefined
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8'))
  } catch (error) {
    throw new SyntaxError(`${path} is no JSON`, { cause: error })
  }
}
