import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from 'rolldown/utils'
import type { ESTree } from 'rolldown/utils'

export type NamedType = ESTree.TSInterfaceDeclaration | ESTree.TSTypeAliasDeclaration

/** A parsed file. */
export interface Source {
  readonly path: string
  readonly text: string
  readonly body: readonly ESTree.Statement[]
  /** The words of the doc comment that ends right in front of a position; empty without one. */
  docBefore(position: number): string
}

/** A type, and the file it is written in. */
export interface Found<T> {
  readonly node: T
  readonly source: Source
}

const parsed = new Map<string, Source>()

/** @throws {SyntaxError} when the file does not parse. */
export function open(path: string): Source {
  const known = parsed.get(path)
  if (known !== undefined) return known
  const text = readFileSync(path, 'utf8')
  const { program, comments, errors } = parseSync(path, text)
  if (errors.length > 0) throw new SyntaxError(`${path} does not parse: ${errors[0]?.message}`)
  const source: Source = {
    path,
    text,
    body: program.body.map((one) =>
      one.type === 'ExportNamedDeclaration' && one.declaration !== null ? one.declaration : one,
    ) as readonly ESTree.Statement[],
    docBefore(position) {
      const last = comments.findLast(({ end }) => end <= position)
      if (last === undefined || !last.value.startsWith('*') || text.slice(last.end, position).trim() !== '') return ''
      return last.value
        .slice(1)
        .replace(/\s+\*(?=\s|$)/g, ' ')
        .replace(/\s+/g, ' ')
        .trim()
    },
  }
  parsed.set(path, source)
  return source
}

/** The interface or alias of that name: of this file, or of one that it is imported from. */
export function findType(name: string, source: Source): Found<NamedType> | undefined {
  for (const node of source.body) {
    const isType = node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration'
    if (isType && node.id.name === name) return { node, source }
    if (node.type !== 'ImportDeclaration' || !node.source.value.startsWith('.')) continue
    for (const one of node.specifiers) {
      if (one.type !== 'ImportSpecifier' || one.local.name !== name || one.imported.type !== 'Identifier') continue
      return findType(one.imported.name, open(join(dirname(source.path), node.source.value)))
    }
  }
  return undefined
}
