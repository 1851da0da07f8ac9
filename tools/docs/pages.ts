import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const patterns = ['*.md', 'docs/**/*.md', '{packages,apps}/*/README.md']

export interface Page {
  /** Relative to the root. */
  readonly path: string
  readonly lines: readonly string[]
}

export interface Block {
  readonly page: string
  /** Line of the opening fence, counted from 1; the code starts on the next. */
  readonly line: number
  readonly info: string
  readonly code: string
}

export interface Read {
  readonly blocks: readonly Block[]
  /** The page's lines with code blanked out, so that line numbers stay. */
  readonly prose: readonly string[]
  readonly problems: readonly string[]
}

export function pages(root: string): Page[] {
  return globSync(patterns, { cwd: root, exclude: (path) => path.includes('node_modules') })
    .sort()
    .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split(/\r?\n/) }))
}

/** Parts a page into its fenced code blocks and the prose around them. */
export function read({ path, lines }: Page): Read {
  const blocks: Block[] = []
  const prose: string[] = []
  let fence: { mark: string; indent: RegExp; info: string; line: number; code: string[] } | undefined
  lines.forEach((text, i) => {
    prose.push(fence === undefined ? text.replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '') : '')
    const {
      indent = '',
      mark = '',
      info = '',
    } = /^(?<indent>[\s>]*)(?<mark>`{3,}|~{3,})(?<info>.*)$/.exec(text)?.groups ?? {}
    if (fence === undefined) {
      if (mark === '' || (mark.startsWith('`') && info.includes('`'))) return
      fence = { mark, info: info.trim(), line: i + 1, code: [], indent: new RegExp(`^[\\s>]{0,${indent.length}}`) }
    } else if (mark.startsWith(fence.mark) && info.trim() === '') {
      blocks.push({ page: path, line: fence.line, info: fence.info, code: fence.code.join('\n') })
      fence = undefined
    } else fence.code.push(text.replace(fence.indent, ''))
  })
  const problems = fence === undefined ? [] : [`${path}:${fence.line} opens a code block that nothing closes`]
  return { blocks, prose, problems }
}
