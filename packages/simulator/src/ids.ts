import { randomInt } from 'node:crypto'

const base62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const checksumAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

function randomText(length: number, alphabet: string = base62): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}

/** The 18-character form of a record id: three characters tell which of the fifteen are capitals. */
export function to18(id: string): string {
  if (id.length === 18) return id
  const chunks = [id.slice(0, 5), id.slice(5, 10), id.slice(10, 15)]
  return id + chunks.map((chunk) => checksumAlphabet[capitalBits(chunk)]).join('')
}

function capitalBits(chunk: string): number {
  return Array.from(chunk).reduce((bits, char, index) => (/[A-Z]/.test(char) ? bits | (1 << index) : bits), 0)
}

export function to15(id: string): string {
  return id.slice(0, 15)
}

export function isRecordId(id: string, prefix: string): boolean {
  if (!/^(?:[A-Za-z0-9]{15}|[A-Za-z0-9]{18})$/.test(id) || !id.startsWith(prefix)) return false
  return id.length === 15 || to18(to15(id)) === id
}

/** The nth id of a kind: the same seed gives the same ids on every start. */
export function numberedId(prefix: string, n: number): string {
  const number = n.toString(36).toUpperCase().padStart(5, '0')
  return to18(`${prefix}gK00000${number}`)
}

export function newAccessToken(orgId: string): string {
  return `${to15(orgId)}!${randomText(96, `${base62}._`)}`
}

export function newRefreshToken(): string {
  return `5Aep861${randomText(80, `${base62}._`)}`
}

export function newAuthorizationCode(): string {
  return `aPrx${randomText(70)}==`
}

/** What a person copies from a device's screen. */
export function newUserCode(): string {
  return randomText(8, '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')
}

export function newDeviceCode(clientId: string, userCode: string): string {
  return Buffer.from(`${clientId};${randomText(24, '0123456789')};${userCode}`).toString('base64')
}

export function newConsumerKey(): string {
  return `3MVG9${randomText(80, `${base62}._`)}`
}

export function newConsumerSecret(): string {
  return randomText(64, '0123456789ABCDEF')
}

export function newSecretId(): string {
  return randomText(32)
}
