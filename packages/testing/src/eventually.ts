import { setTimeout as sleep } from 'node:timers/promises'

export interface EventuallyOptions {
  /** Milliseconds until the last failure is thrown. Default 2000. */
  timeout?: number
  /** Milliseconds between two tries. Default 10. */
  interval?: number
}

/**
 * Repeats `check` until it neither throws nor answers `false`, and gives its answer.
 * @throws what the last try threw, or an `Error` when the last try answered `false`.
 */
export async function eventually<T>(check: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  const { timeout = 2000, interval = 10 } = options
  const deadline = performance.now() + timeout
  for (;;) {
    try {
      const answer = await check()
      if (answer !== false) return answer
      if (performance.now() >= deadline) throw new Error(`The check still answered false after ${timeout} ms`)
    } catch (error) {
      if (performance.now() >= deadline) throw error
    }
    await sleep(interval)
  }
}
