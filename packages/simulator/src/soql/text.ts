/** One character of a string literal. `escaped` tells a typed `\%` from the wildcard `%`. */
export interface TextUnit {
  readonly text: string
  readonly escaped: boolean
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  N: '\n',
  r: '\r',
  R: '\r',
  t: '\t',
  T: '\t',
  b: '\b',
  B: '\b',
  f: '\f',
  F: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
  _: '_',
  '%': '%',
}

/** The character that `\` and this letter stand for; `undefined` when SOQL knows no such escape. */
export function unescape(letter: string): string | undefined {
  return Object.hasOwn(escapes, letter) ? escapes[letter] : undefined
}

export function plainText(units: readonly TextUnit[]): string {
  return units.map(({ text }) => text).join('')
}

/** LIKE: `%` is any run of characters, `_` exactly one; letter case does not count. Never backtracks more than one `%`. */
export function isLike(value: string, pattern: readonly TextUnit[]): boolean {
  const text = Array.from(value)
  let [index, place, restart, resume] = [0, 0, -1, 0]
  while (index < text.length) {
    const unit = pattern[place]
    if (isWildcard(unit, '%')) {
      restart = place
      resume = index
      place += 1
    } else if (isWildcard(unit, '_') || unit?.text.toLowerCase() === text[index]?.toLowerCase()) {
      index += 1
      place += 1
    } else if (restart >= 0) {
      resume += 1
      index = resume
      place = restart + 1
    } else return false
  }
  return pattern.slice(place).every((unit) => isWildcard(unit, '%'))
}

function isWildcard(unit: TextUnit | undefined, sign: '%' | '_'): boolean {
  return unit !== undefined && !unit.escaped && unit.text === sign
}
