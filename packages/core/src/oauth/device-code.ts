import { DeviceError } from '../errors/errors.ts'
import { acceptInstanceUrl } from '../org/hosts.ts'
import type { DecodeContext } from './token-set.ts'

/** A login that waits for a person with another device. */
export interface DeviceCode {
  /** What polling sends: a secret, not for display. */
  readonly deviceCode: string
  /** What the person types in: eight capital letters and digits. */
  readonly userCode: string
  /** Where the person types it in. */
  readonly verificationUri: string
  /** The same with the code filled in: for a QR code or a link. */
  readonly verificationUriComplete: string
  /** The pause between two polls, from a second to a minute. Milliseconds; Salesforce asks for 5,000. */
  readonly intervalMs: number
  /** When the codes die: ten minutes after they were made. Epoch milliseconds. */
  readonly expiresAt: number
}

const LIFETIME = 10 * 60_000
const INTERVAL = 5_000
const SHORTEST_INTERVAL = 1_000
const LONGEST_INTERVAL = 60_000

/**
 * Decodes the answer that starts a login on another device.
 * @throws {DeviceError} `device/malformed-answer`
 */
export function decodeDeviceCode(
  answer: Readonly<Record<string, unknown>>,
  { login, trustedHosts, now }: Omit<DecodeContext, 'previous'>,
): DeviceCode {
  const { device_code: deviceCode, user_code: userCode, verification_uri: verificationUri } = answer
  if (typeof deviceCode !== 'string' || deviceCode === '') throw malformed('device_code is missing')
  // It is shown to a person, on a terminal perhaps: nothing but what can be typed.
  if (typeof userCode !== 'string' || !/^[A-Za-z0-9-]{4,32}$/.test(userCode)) throw malformed('user_code is no code')
  if (typeof verificationUri !== 'string' || acceptInstanceUrl(verificationUri, login, trustedHosts) === undefined) {
    throw malformed(`verification_uri is not an address that ${login.origin} may lead to`)
  }
  // As URLs print it: the text itself may hold what a terminal takes for commands.
  const { href } = new URL(verificationUri)
  const complete = new URL(href)
  complete.searchParams.set('user_code', userCode)
  const interval = Number(answer['interval'] ?? 0) * 1000
  return {
    deviceCode,
    userCode,
    verificationUri: href,
    verificationUriComplete: complete.href,
    intervalMs: interval > 0 ? Math.min(Math.max(interval, SHORTEST_INTERVAL), LONGEST_INTERVAL) : INTERVAL,
    expiresAt: now + LIFETIME,
  }
}

function malformed(what: string): DeviceError {
  return new DeviceError('device/malformed-answer', `The answer to the device login cannot be used: ${what}.`, {
    hint: 'Check that the login URL is a Salesforce host and that no proxy rewrites its answers.',
  })
}
