import { setTimeout as sleep } from 'node:timers/promises'
import { isSalesforceAuthError } from '@orgpass/core'
import type { Connection } from '@orgpass/core'

const ATTEMPTS = 6
/** Milliseconds. Who is told to come back later than this stops, and goes on at the next start. */
const PATIENCE = 30_000

/** Salesforce refused a call although the token lives. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly retryable: boolean

  constructor(status: number, body: string) {
    super(`Salesforce answered ${status}: ${body.slice(0, 200)}`)
    this.retryable = status === 429 || status >= 500
  }
}

/** Asks Salesforce for JSON, again when it may help: after a second, then twice as long each time, or when told. */
export async function ask(connection: Connection, path: string, signal: AbortSignal): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await connection.fetch(path, { signal })
      if (response.ok) return await response.json()
      throw new Refusal(response.status, await response.text())
    } catch (error) {
      const pause = pauseAfter(error, attempt)
      if (pause === undefined || attempt === ATTEMPTS) throw error
      await sleep(pause, undefined, { signal })
    }
  }
}

function pauseAfter(error: unknown, attempt: number): number | undefined {
  const usual = 500 * 2 ** attempt
  if (error instanceof Refusal) return error.retryable ? usual : undefined
  if (!isSalesforceAuthError(error) || !error.retryable) return undefined
  const pause = error.retryAt === undefined ? usual : Math.max(0, error.retryAt - Date.now())
  return pause > PATIENCE ? undefined : pause
}
