import { DeviceError, isSalesforceAuthError, OAuthError } from '../errors/errors.ts'
import { publicClient } from '../oauth/client-authentication.ts'
import { decodeDeviceCode } from '../oauth/device-code.ts'
import type { DeviceCode } from '../oauth/device-code.ts'
import type { TokenEndpoint } from '../oauth/token-endpoint.ts'
import type { TokenSet } from '../oauth/token-set.ts'

export interface StartDeviceOptions {
  /** @default every scope of the app */
  scope?: readonly string[]
  signal?: AbortSignal
}

export interface PollDeviceOptions {
  /** Called after every poll that brought no tokens. */
  onProgress?: (progress: DeviceProgress) => void
  /** Gives up. */
  signal?: AbortSignal
}

export interface DeviceProgress {
  /** `pending`: not approved yet. `slow-down`: Salesforce wants longer pauses. `retrying`: no usable answer came. */
  readonly state: 'pending' | 'slow-down' | 'retrying'
  /** How many polls were sent. */
  readonly polls: number
  /** The pause before the next poll. Milliseconds. */
  readonly intervalMs: number
  /** Until the codes die. Milliseconds. */
  readonly remainingMs: number
}

const SLOWER = 5_000
const RETRIES = 4

/**
 * Asks for the codes of a login that a person finishes on another device: show `userCode` and `verificationUri`, then
 * `pollDevice`. Never send such a link to somebody else: whoever opens it logs *this* device in. The app needs the
 * device flow enabled, and must be installed in the org.
 *
 * @throws {OAuthError} `oauth/invalid_grant` when the app has no device flow, `oauth/invalid_client_id` …
 * @throws {DeviceError} `device/malformed-answer`
 * @throws {TransportError} `net/*`
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_device_flow.htm
 */
export async function startDevice(endpoint: TokenEndpoint, options: StartDeviceOptions = {}): Promise<DeviceCode> {
  const { scope, signal } = options
  const { client, login } = endpoint
  const parameters = { response_type: 'device_code', ...(scope !== undefined && { scope: scope.join(' ') }) }
  const clientAuthentication = publicClient()
  const answer = await endpoint.ask(parameters, { clientAuthentication, ...(signal && { signal }) })
  return decodeDeviceCode(answer, { login, trustedHosts: client.trustedHosts, now: client.now() })
}

/**
 * Waits until the person has approved, and answers the tokens. Polls every `intervalMs`, five seconds slower each time
 * Salesforce says so, for ten minutes at most. A code is redeemed once: poll it in one place only.
 *
 * @throws {DeviceError} `device/denied`, `device/expired`, `device/code-refused` (redeemed elsewhere, or unknown),
 *   `device/aborted` by `signal`
 * @throws {OAuthError} for any other refusal
 * @throws {TransportError} `net/*` when five polls in a row brought no usable answer
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_device_flow.htm
 */
export async function pollDevice(
  endpoint: TokenEndpoint,
  code: Pick<DeviceCode, 'deviceCode' | 'intervalMs' | 'expiresAt'>,
  options: PollDeviceOptions = {},
): Promise<TokenSet> {
  const { onProgress, signal } = options
  const request = { clientAuthentication: publicClient(), ...(signal && { signal }) }
  let { intervalMs } = code
  for (let polls = 1, failures = 0; ; polls++) {
    await pause(intervalMs, signal)
    // Asked this way round, an end that is no time counts as past.
    if (!(endpoint.client.now() < code.expiresAt)) throw expired()
    let state: DeviceProgress['state']
    try {
      return await endpoint.request('device', { code: code.deviceCode }, request)
    } catch (error) {
      if (signal?.aborted === true) throw aborted(signal)
      state = judge(error)
      failures = state === 'retrying' ? failures + 1 : 0
      if (failures > RETRIES) throw error
    }
    if (state === 'slow-down') intervalMs += SLOWER
    onProgress?.({ state, polls, intervalMs, remainingMs: Math.max(0, code.expiresAt - endpoint.client.now()) })
  }
}

function judge(error: unknown): DeviceProgress['state'] {
  if (error instanceof OAuthError) {
    switch (error.error) {
      case 'authorization_pending':
        return 'pending'
      case 'slow_down':
        return 'slow-down'
      case 'access_denied':
        throw new DeviceError('device/denied', 'The login was denied on the other device.', {
          cause: error,
          hint: 'Start again when the person wants to connect after all.',
        })
      case 'invalid_grant':
      case 'invalid_request':
        if (/token exchange failed|device.?code/i.test(error.description ?? '')) throw refused(error)
    }
  }
  if (isSalesforceAuthError(error) && error.retryable) return 'retrying'
  throw error
}

function pause(duration: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      if (signal !== undefined) reject(aborted(signal))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, duration)
    if (signal?.aborted === true) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}

function expired(): DeviceError {
  return new DeviceError('device/expired', 'Nobody approved the login within ten minutes: its codes are dead.', {
    hint: 'Start again and show the new code.',
  })
}

function refused(cause: OAuthError): DeviceError {
  const message = `Salesforce does not take the device code (any more). ${cause.message}`
  return new DeviceError('device/code-refused', message, {
    cause,
    hint: 'Start again. If it keeps happening, two places poll the same code: it works once.',
  })
}

function aborted(signal: AbortSignal): DeviceError {
  return new DeviceError('device/aborted', 'Waiting for the other device was given up.', { cause: signal.reason })
}
