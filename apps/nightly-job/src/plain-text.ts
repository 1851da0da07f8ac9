import { stripVTControlCharacters } from 'node:util'

/** Words of the org as a terminal may show them: without what colours, moves the cursor, or turns a line around. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ')
}
