import { SignJWT, UnsecuredJWT } from 'jose'
import { importKeyPair } from '../crypto/key-pair.ts'
import type { KeyPair } from '../crypto/key-pair.ts'
import { ConfigError } from '../errors/errors.ts'
import type { ConfigFault } from '../errors/errors.ts'
import { plainText } from '../errors/redact.ts'

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
  /** Further fields of the Asset record, by their API names; not those that have an option of their own, and no claims. */
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
 * @throws {ConfigError} `config/invalid` when `fields` names what has an option of its own (Id, Name …) or a claim (cnf, sub …),
 *   or when a value is not a text, a finite number or a switch.
 * @throws {TypeError} when the key is not a private key of RSA or of EC on P-256, with its public half.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_asset_token_flow_ca.htm
 */
export async function actorToken(claims: ActorTokenClaims, options: ActorTokenOptions = {}): Promise<string> {
  const { key, lifetime = 300_000, now = Date.now } = options
  const pair = key === undefined ? undefined : await importKeyPair(key)
  const { deviceId, name, serialNumber, assetId, accountId, contactId, fields } = claims
  requireFields(fields ?? {})
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

/** What the kit says itself, by the name in lower case, with the option for it. */
const OWN: ReadonlyMap<string, string | undefined> = new Map([
  ['id', 'assetId'],
  ['accountid', 'accountId'],
  ['contactid', 'contactId'],
  ['serialnumber', 'serialNumber'],
  ['name', 'name'],
  ['did', 'deviceId'],
  ...['cnf', 'iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'].map((claim) => [claim, undefined] as const),
])

// Fields may be filled from what the device says of itself: whose record and whose key it is, is said on purpose.
function requireFields(fields: Readonly<Record<string, unknown>>): void {
  const faults = Object.entries(fields).flatMap(([field, value]) => faultOf(field, value) ?? [])
  if (faults.length > 0) throw new ConfigError(faults)
}

function faultOf(field: string, value: unknown): ConfigFault | undefined {
  const option = `fields.${plainText(field)}`
  const name = field.toLowerCase()
  const own = OWN.get(name)
  if (own !== undefined) return { option, problem: 'has an option of its own', hint: `Use ${own}.` }
  if (OWN.has(name)) return { option, problem: 'is a claim of the token, no field', hint: 'Leave it out.' }
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return undefined
  return { option, problem: 'is not a text, a number or a switch', hint: 'Give one of these, or leave it out.' }
}
