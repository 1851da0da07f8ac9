const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'
const ID = /^[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?$/

/** The 18-character form of a Salesforce id, or `undefined` when it is not an id or its checksum does not fit. */
export function toId18(id: string): string | undefined {
  if (!ID.test(id)) return undefined
  const id15 = id.slice(0, 15)
  let checksum = ''
  for (let chunk = 0; chunk < 15; chunk += 5) {
    let bits = 0
    for (let i = 0; i < 5; i++) if (/[A-Z]/.test(id15.charAt(chunk + i))) bits |= 1 << i
    checksum += ALPHABET.charAt(bits)
  }
  return id.length === 15 || id.slice(15) === checksum ? id15 + checksum : undefined
}

/** Org and user, both as 18-character ids: who a token belongs to. Never an e-mail address. */
export interface Identity {
  readonly orgId: string
  readonly userId: string
}

/** Reads `/id/<org>/<user>` out of an identity URL; its host is never used. */
export function parseIdentityUrl(value: string): Identity | undefined {
  const path = URL.canParse(value) ? new URL(value).pathname : ''
  const [, org = '', user = ''] = /\/id\/(00D[A-Za-z0-9]+)\/(005[A-Za-z0-9]+)$/.exec(path) ?? []
  const [orgId, userId] = [toId18(org), toId18(user)]
  return orgId === undefined || userId === undefined ? undefined : { orgId, userId }
}
