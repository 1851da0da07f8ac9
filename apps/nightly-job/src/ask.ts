import { setTimeout as sleep } from 'node:timers/promises'
import { isSalesforceAuthError, readRestError } from '@orgpass/core'
import type { Connection } from '@orgpass/core'

const ATTEMPTS = 6
/** Milliseconds. Who is told to come back later than this stops, and goes on at the next start. */
const PATIENCE = 30_000

/** How long one answer may take, to its last byte. Milliseconds. */
const LIMIT = 60_000

/** Asks Salesforce for JSON, again when it may help: after a second, then twice as long each time, or when told. */
export async function ask(connection: Connection, path: string, signal: AbortSignal): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await askOnce(connection, path, signal)
    } catch (error) {
      const pause = pauseAfter(error, attempt)
      if (pause === undefined || attempt === ATTEMPTS) throw error
      await sleep(pause, undefined, { signal })
    }
  }
}

async function askOnce(connection: Connection, path: string, signal: AbortSignal): Promise<unknown> {
  const limit = AbortSignal.timeout(LIMIT)
  try {
    const response = await connection.fetch(path, { signal: AbortSignal.any([signal, limit]) })
    const refused = await readRestError(response)
    if (refused !== undefined) throw refused
    return await response.json()
  } catch (cause) {
    if (!limit.aborted || isSalesforceAuthError(cause)) throw cause
    throw new Error('Salesforce did not answer within a minute. The next start goes on from here.', { cause })
  }
}

function pauseAfter(error: unknown, attempt: number): number | undefined {
  const usual = 500 * 2 ** attempt
  if (!isSalesforceAuthError(error) || !error.retryable) return undefined
  const pause = error.retryAt === undefined ? usual : Math.max(0, error.retryAt - Date.now())
  return pause > PATIENCE ? undefined : pause
}
