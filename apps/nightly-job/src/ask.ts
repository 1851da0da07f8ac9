import { setTimeout as sleep } from 'node:timers/promises'
import { isSalesforceAuthError, readRestError } from '@orgpass/core'
import type { Connection } from '@orgpass/core'

const ATTEMPTS = 6
/** Milliseconds. Who is told to come back later than this stops, and goes on at the next start. */
const PATIENCE = 30_000

/** Asks Salesforce for JSON, again when it may help: after a second, then twice as long each time, or when told. */
export async function ask(connection: Connection, path: string, signal: AbortSignal): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await connection.fetch(path, { signal })
      const refused = await readRestError(response)
      if (refused !== undefined) throw refused
      return await response.json()
    } catch (error) {
      const pause = pauseAfter(error, attempt)
      if (pause === undefined || attempt === ATTEMPTS) throw error
      await sleep(pause, undefined, { signal })
    }
  }
}

function pauseAfter(error: unknown, attempt: number): number | undefined {
  const usual = 500 * 2 ** attempt
  if (!isSalesforceAuthError(error) || !error.retryable) return undefined
  const pause = error.retryAt === undefined ? usual : Math.max(0, error.retryAt - Date.now())
  return pause > PATIENCE ? undefined : pause
}
