const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
// XML 1.0 has no way to write these, not even escaped.
const UNWRITABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u

/**
 * A text as it stands between tags or in an attribute.
 * @throws {TypeError} when it is empty, or has characters that XML cannot hold.
 */
export function xmlText(name: string, text: string): string {
  if (text === '') throw new TypeError(`${name} is empty. Every assertion names one.`)
  if (UNWRITABLE.test(text)) throw new TypeError(`${name} has control characters, which XML cannot hold. Remove them.`)
  return text
    .replace(/[&<>"']/g, (mark) => ESCAPES[mark] ?? mark)
    .replace(/[\t\n\r]/g, (mark) => `&#${mark.charCodeAt(0)};`)
}
