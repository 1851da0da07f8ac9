export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Inline code. */
export function code(text: string): string {
  return `\`${text}\``
}

/** The text with what Markdown would take for marks or tags kept literal; what stands in backticks is literal already. */
export function plain(text: string): string {
  return text.replace(/`[^`]*`|[<>*_]/g, (mark) => (mark.startsWith('`') ? mark : `\\${mark}`))
}

/** What to do about an error, in one sentence. */
export function fate({ retryable, needsLogin }: { retryable?: boolean; needsLogin?: boolean }): string {
  if (retryable === true) return 'Try again.'
  return needsLogin === true ? 'Log in again.' : 'Change something first.'
}

/** The anchor that GitHub gives to a heading that is nothing but code. */
export function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-')
}
