import { posix } from 'node:path'
import { bookPath, places } from './book.ts'
import type { Book } from './book.ts'
import { importsOf } from './imports.ts'
import type { Import } from './imports.ts'
import { sources } from './tree.ts'

const folder = 'packages/core/src/'
const packages = ['jose']

/** Core is a book: each file is listed once and imports only what stands above it. */
export function checkCore(root: string, book: Book): string[] {
  const place = places(book)
  const files = sources(root, `${folder}**/*.{ts,tsx,mts,cts,js,mjs,cjs}`)
  const names = new Set(files.map(({ path }) => path.slice(folder.length)))
  const listed = book.order.flat()
  return [
    ...[...names].filter((name) => !place.has(name)).map((name) => `${folder}${name} is not listed in ${bookPath}`),
    ...[...place.keys()]
      .filter((name) => !names.has(name))
      .map((name) => `${bookPath} lists ${name}, which is missing`),
    ...listed.filter((name, i) => listed.indexOf(name) !== i).map((name) => `${bookPath} lists ${name} twice`),
    ...book.node.filter((name) => !place.has(name)).map((name) => `${bookPath} lists ${name} under "node" only`),
    ...files.flatMap(({ path, text }) => {
      const name = path.slice(folder.length)
      return importsOf(path, text).flatMap((site) => {
        const fault = judge(name, site, { book, place })
        return fault === undefined ? [] : [`${path}:${site.line} ${fault}`]
      })
    }),
  ]
}

function judge(
  name: string,
  { specifier }: Import,
  { book, place }: { book: Book; place: Map<string, number> },
): string | undefined {
  if (specifier === undefined) return 'imports a computed name, which cannot be checked: write the name out'
  if (specifier.startsWith('node:'))
    return book.node.includes(name) ? undefined : `imports ${specifier}, but is not listed under "node" in ${bookPath}`
  if (!specifier.startsWith('.'))
    return packages.some((allowed) => specifier === allowed || specifier.startsWith(`${allowed}/`))
      ? undefined
      : `imports the package ${specifier}: core depends on ${packages.join(', ')} only`

  const target = posix.join(posix.dirname(name), specifier)
  const [here, there] = [place.get(name), place.get(target)]
  if (there === undefined) return `imports ${specifier}, which is not in ${bookPath}`
  if (book.node.includes(target) && !book.node.includes(name))
    return `imports ${specifier}, which needs Node: only files listed under "node" may`
  if (here === undefined || there < here) return undefined
  if (target === name) return 'imports itself'
  return here === there
    ? `imports its sibling ${specifier}: siblings are blind to each other`
    : `imports ${specifier}, which stands below it in ${bookPath}`
}
