import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'

const forms = [/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g, /^\s*\[[^\]]+\]:\s*<?([^\s>]+)/g, /\b(?:href|src)="([^"]+)"/g]

/** Relative links that lead nowhere. A path with a leading slash starts at the root, as on GitHub. */
export function checkLinks(root: string, page: string, prose: readonly string[]): string[] {
  return prose.flatMap((text, i) =>
    forms
      .flatMap((form) => [...text.matchAll(form)].map((match) => String(match[1])))
      .flatMap((link) => {
        const fault = judge(root, page, link)
        return fault === undefined ? [] : [`${page}:${i + 1} links to ${link}, ${fault}`]
      }),
  )
}

function judge(root: string, page: string, link: string): string | undefined {
  const path = decodeURI(link.replace(/[?#].*$/s, ''))
  if (path === '' || /^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(path)) return undefined
  const target = path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(page), path)
  if (target.startsWith('..')) return 'which leaves the repository'
  return existsSync(join(root, target)) ? undefined : 'which does not exist'
}
