const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * A SOQL string literal that matches every text containing `part`, whatever characters it has.
 * @see https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm
 */
export function containing(part: string): string {
  return `'%${part.replaceAll(/[\\'"%_\n\r\t]/g, (character) => ESCAPES[character] ?? `\\${character}`)}%'`
}
