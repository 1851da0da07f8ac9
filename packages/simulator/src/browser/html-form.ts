export interface HtmlForm {
  action: string
  hidden: Record<string, string>
  names: ReadonlySet<string>
}

/** The first form of a page; only what the simulator's own pages need. */
export function readHtmlForm(html: string): HtmlForm | undefined {
  const [, formTag, inner] = /<form\b([^>]*)>([\s\S]*?)<\/form>/.exec(html) ?? []
  if (formTag === undefined || inner === undefined) return undefined
  const controls = [...inner.matchAll(/<(?:input|button)\b([^>]*)>/g)].map(([, attributes = '']) => attributes)
  const hidden = controls.filter((control) => attribute(control, 'type') === 'hidden')
  return {
    action: attribute(formTag, 'action'),
    hidden: Object.fromEntries(hidden.map((control) => [attribute(control, 'name'), attribute(control, 'value')])),
    names: new Set(controls.map((control) => attribute(control, 'name'))),
  }
}

/** What a person would read. */
export function textOf(html: string): string {
  const visible = html.replaceAll(/<(head|style|script)\b[\s\S]*?<\/\1>/g, ' ').replaceAll(/<[^>]+>/g, ' ')
  return unescapeHtml(visible).replaceAll(/\s+/g, ' ').trim()
}

function attribute(tag: string, name: string): string {
  return unescapeHtml(new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(tag)?.[1] ?? '')
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescapeHtml(text: string): string {
  return text.replaceAll(/&(#\d+|#x[\da-f]+|\w+);/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return entities[entity] ?? whole
    return String.fromCodePoint(Number(entity.slice(1).replace(/^x/i, '0x')))
  })
}
