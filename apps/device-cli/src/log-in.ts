import type { DeviceCode, ServiceGrant } from '@orgpass/core'
import { pollDevice, startDevice } from '@orgpass/core/flows'
import type { DeviceProgress } from '@orgpass/core/flows'

export interface Prompt {
  /** The person has to open the address and type in the code. */
  readonly show: (code: DeviceCode) => void
  readonly progress: (progress: DeviceProgress) => void
  readonly signal: AbortSignal
}

/** Logs in on another device; once more, with a new code, should the session end while the program runs. */
export function deviceGrant({ show, progress, signal }: Prompt): ServiceGrant {
  return async (endpoint) => {
    const code = await startDevice(endpoint, { scope: ['id', 'api'], signal })
    show(code)
    return pollDevice(endpoint, code, { onProgress: progress, signal })
  }
}
