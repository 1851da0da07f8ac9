import { SignJWT, UnsecuredJWT } from 'jose'
import { importKeyPair } from '../crypto/key-pair.ts'
import type { KeyPair } from '../crypto/key-pair.ts'
import { ConfigError } from '../errors/errors.ts'

/** The device and the Asset record that an asset token is for. */
export interface ActorTokenClaims {
  /** What identifies the device to your own software. */
  deviceId: string
  /** Names the Asset; with neither `assetId` nor `serialNumber`, a new one is created. */
  name?: string
  /** Links the Asset with this serial number, or creates it. */
  serialNumber?: string
  /** Links this Asset record, whatever the serial number. */
  assetId?: string
  accountId?: string
  contactId?: string
  /** Further fields of the Asset record, by their API names; not those that have an option of their own. */
  fields?: Readonly<Record<string, string | number | boolean>>
}

export interface ActorTokenOptions {
  /** The device's own key: it signs, and its public half is bound to the asset token. @default none, unsigned */
  key?: KeyPair
  /** How long the actor token may be used. Milliseconds. @default 300_000 (five minutes) */
  lifetime?: number
  /** Epoch milliseconds. @default Date.now */
  now?: () => number
}

/**
 * Describes a device for `assetToken`. Without a key it is unsigned: then only the access token beside it is trusted.
 * @throws {ConfigError} `config/invalid` when `fields` names Id, AccountId or ContactId.
 * @throws {TypeError} when the key is not a private key of RSA or of EC on P-256, with its public half.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_asset_token_flow_ca.htm
 */
export async function actorToken(claims: ActorTokenClaims, options: ActorTokenOptions = {}): Promise<string> {
  const { key, lifetime = 300_000, now = Date.now } = options
  const pair = key === undefined ? undefined : await importKeyPair(key)
  const { deviceId, name, serialNumber, assetId, accountId, contactId, fields } = claims
  for (const field of Object.keys(fields ?? {})) requireNoLink(field)
  const iat = Math.floor(now() / 1000)
  const payload = {
    ...fields,
    ...(name !== undefined && { Name: name }),
    ...(serialNumber !== undefined && { SerialNumber: serialNumber }),
    ...(assetId !== undefined && { Id: assetId }),
    ...(accountId !== undefined && { AccountId: accountId }),
    ...(contactId !== undefined && { ContactId: contactId }),
    ...(pair !== undefined && { cnf: { jwk: pair.publicJwk } }),
    did: deviceId,
    iat,
    exp: iat + Math.ceil(lifetime / 1000),
  }
  if (pair === undefined) return new UnsecuredJWT(payload).encode()
  return new SignJWT(payload).setProtectedHeader({ alg: pair.alg, typ: 'JWT' }).sign(pair.privateKey)
}

const LINKS: ReadonlyMap<string, string> = new Map([
  ['id', 'assetId'],
  ['accountid', 'accountId'],
  ['contactid', 'contactId'],
])

// What ties a device to records is said on purpose: fields may be filled from what the device says of itself.
function requireNoLink(field: string): void {
  const option = LINKS.get(field.toLowerCase())
  if (option === undefined) return
  const problem = 'links the device to a record, which fields cannot do'
  throw new ConfigError([{ option: `fields.${field}`, problem, hint: `Use ${option}.` }])
}
