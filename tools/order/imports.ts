import { parseSync, Visitor } from 'rolldown/utils'

export interface Import {
  /** Undefined when the specifier is computed, so nobody can tell what is imported. */
  readonly specifier: string | undefined
  /** Counted from 1. */
  readonly line: number
}

interface Node {
  readonly type: string
  readonly start: number
  readonly value?: unknown
  readonly quasis?: readonly { readonly value: { readonly cooked: string | null } }[]
}

/** Everything that a file pulls in, in any form: value, type, re-export, side effect, dynamic, require, reference. */
export function importsOf(path: string, text: string): Import[] {
  const { program, comments, errors } = parseSync(path, text)
  if (errors.length > 0) throw new SyntaxError(`${path} does not parse: ${errors[0]?.message}`)
  const found: { specifier: string | undefined; start: number }[] = []
  const add = (source: Node | null | undefined): void => {
    if (source) found.push({ specifier: literal(source), start: source.start })
  }
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
    TSExternalModuleReference: (node) => add(node.expression),
    CallExpression(node) {
      if (isRequire(node.callee)) add(node.arguments[0])
    },
  }).visit(program)
  for (const comment of comments) {
    const specifier = /^\/\s*<reference\s+(?:path|types)\s*=\s*["']([^"']+)["']/.exec(comment.value)?.[1]
    if (specifier !== undefined) found.push({ specifier, start: comment.start })
  }
  return found
    .sort((a, b) => a.start - b.start)
    .map(({ specifier, start }) => ({ specifier, line: text.slice(0, start).split('\n').length }))
}

function literal({ type, value, quasis }: Node): string | undefined {
  if (type === 'Literal' && typeof value === 'string') return value
  return type === 'TemplateLiteral' && quasis?.length === 1 ? (quasis[0]?.value.cooked ?? undefined) : undefined
}

function isRequire(callee: { type: string; name?: unknown; object?: unknown }): boolean {
  const target = callee.type === 'MemberExpression' ? (callee.object as { type: string; name?: unknown }) : callee
  return target.type === 'Identifier' && target.name === 'require'
}
