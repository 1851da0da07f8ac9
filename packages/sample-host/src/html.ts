const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that may go into a page as it is, because {@link html} made it. */
export interface Html {
  readonly text: string
}

type Part = Html | string | number | undefined | readonly Html[]

const made = new WeakSet<object>()

/** A template of HTML. What is put in is escaped, except other templates; `undefined` leaves nothing. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = literals[0] ?? ''
  for (const [index, part] of parts.entries()) text += write(part) + (literals[index + 1] ?? '')
  const template: Html = Object.freeze({ text })
  made.add(template)
  return template
}

function write(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'object') return isList(part) ? part.map(write).join('') : trusted(part)
  return String(part).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

function isList(part: Html | readonly Html[]): part is readonly Html[] {
  return Array.isArray(part)
}

// An object from JSON can have a `text` as well: only what was made here is trusted.
function trusted(part: Html): string {
  if (made.has(part)) return part.text
  throw new TypeError('Only the html template makes HTML.')
}
