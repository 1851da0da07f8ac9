const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const checksumAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

/** The 18-character form of a record id: the 15 significant characters and three that encode their letter case. */
export function longId(id: string): string {
  const short = id.slice(0, 15)
  let checksum = ''
  for (let start = 0; start < 15; start += 5) {
    const chunk = short.slice(start, start + 5)
    let bits = 0
    for (let index = 0; index < 5; index += 1) if (/[A-Z]/.test(chunk.charAt(index))) bits |= 1 << index
    checksum += checksumAlphabet.charAt(bits)
  }
  return short + checksum
}

/** The `number`-th id of an object in a simulated org. */
export function recordId(keyPrefix: string, number: number): string {
  let rest = number
  let tail = ''
  while (rest > 0) {
    tail = digits.charAt(rest % digits.length) + tail
    rest = Math.floor(rest / digits.length)
  }
  return longId(`${keyPrefix}Sm0000${tail.padStart(6, '0')}`)
}

/** Whether two ids name the same record: 15 characters decide, the checksum is a convenience for Excel users. */
export function isSameId(one: string, other: string): boolean {
  return one.slice(0, 15) === other.slice(0, 15)
}

export function isIdShaped(text: string): boolean {
  return /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(text)
}
