import type { ESTree } from 'rolldown/utils'
import { findType } from './source.ts'
import type { Source } from './source.ts'

/** A member of an object type, as its source tells it. */
export interface Member {
  readonly name: string
  /** As written; a named alternative of types is spelled out. */
  readonly type: string
  readonly isOptional: boolean
  /** The words in front of `@default`. */
  readonly doc: string
  /** Behind `@default`. */
  readonly fallback: string | undefined
}

/** The members of an object type; `undefined` for any other. */
export function membersOf(type: ESTree.TSType, source: Source): readonly Member[] | undefined {
  if (type.type === 'TSParenthesizedType') return membersOf(type.typeAnnotation, source)
  if (type.type === 'TSTypeLiteral') return ownMembers(type.members, source)
  if (type.type === 'TSIntersectionType') return type.types.flatMap((one) => membersOf(one, source) ?? [])
  if (type.type === 'TSUnionType') return alternatives(type.types.map((one) => membersOf(one, source)))
  if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return undefined
  return referred(type.typeName.name, type.typeArguments, source)
}

/** The members of the interface or alias of that name. @throws Error when there is none. */
export function membersNamed(name: string, source: Source): readonly Member[] {
  const members = referred(name, null, source)
  if (members === undefined) throw new Error(`${source.path} knows no object type ${name}.`)
  return members
}

function referred(
  name: string,
  given: ESTree.TSTypeParameterInstantiation | null | undefined,
  source: Source,
): readonly Member[] | undefined {
  const [first, second] = given?.params ?? []
  if ((name === 'Pick' || name === 'Omit') && first !== undefined && second !== undefined) {
    const named = textOf(second, source)
    return membersOf(first, source)?.filter((one) => named.includes(`'${one.name}'`) === (name === 'Pick'))
  }
  const found = findType(name, source)
  if (found === undefined) return undefined
  const { node, source: home } = found
  if (node.type === 'TSTypeAliasDeclaration') return membersOf(node.typeAnnotation, home)
  const inherited = node.extends.flatMap(({ expression, typeArguments }) =>
    expression.type === 'Identifier' ? (referred(expression.name, typeArguments, home) ?? []) : [],
  )
  const own = ownMembers(node.body.body, home)
  return [...inherited.filter(({ name: one }) => !own.some((mine) => mine.name === one)), ...own]
}

function ownMembers(signatures: readonly ESTree.TSSignature[], source: Source): readonly Member[] {
  return signatures.flatMap((one) => {
    if (one.type !== 'TSPropertySignature' || one.key.type !== 'Identifier' || !one.typeAnnotation) return []
    const [doc = '', fallback] = source.docBefore(one.start).split(/\s*@default\s+/)
    const type = typeText(one.typeAnnotation.typeAnnotation, source)
    return [{ name: one.key.name, type, isOptional: one.optional, doc, fallback }]
  })
}

/** What is not in every alternative is optional. */
function alternatives(all: readonly (readonly Member[] | undefined)[]): readonly Member[] | undefined {
  const known = all.flatMap((members) => (members === undefined ? [] : [members]))
  if (known.length < all.length) return undefined
  const byName = new Map(known.flat().map((one) => [one.name, one]))
  return [...byName.values()].map((one) => {
    const isEverywhere = known.every((members) => members.some(({ name }) => name === one.name))
    return { ...one, isOptional: one.isOptional || !isEverywhere }
  })
}

function typeText(type: ESTree.TSType, source: Source): string {
  if (type.type === 'TSTypeReference' && type.typeName.type === 'Identifier' && !type.typeArguments) {
    const found = findType(type.typeName.name, source)
    const meant = found?.node.type === 'TSTypeAliasDeclaration' ? found.node.typeAnnotation : undefined
    if (found !== undefined && meant?.type === 'TSUnionType') return textOf(meant, found.source)
  }
  if (type.type === 'TSTypeLiteral') return `{ ${type.members.map((one) => textOf(one, source)).join('; ')} }`
  return textOf(type, source)
}

function textOf({ start, end }: { start: number; end: number }, { text }: Source): string {
  return text
    .slice(start, end)
    .replace(/\/\*\*.*?\*\//gs, '')
    .replace(/\s+/g, ' ')
    .replace(/^\| /, '')
}
