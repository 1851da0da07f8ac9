import type { Logger } from '../errors/log.ts'

/** Runs a hook of the host's that only watches: what it throws changes nothing. */
export async function guardedHook(log: Logger, hook: () => unknown): Promise<void> {
  try {
    await hook()
  } catch (error) {
    log({ level: 'error', event: 'hook/failed', message: `A hook threw: ${String(error)}` })
  }
}
