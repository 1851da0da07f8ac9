import type { Environment } from '@orgpass/core'

/**
 * How long the worker rests between two rounds, in milliseconds: COUNT_EVERY, in seconds.
 * @throws {TypeError} when it is no number of seconds.
 */
export function readPause({ COUNT_EVERY }: Environment, usual: number): number {
  if (COUNT_EVERY === undefined) return usual
  const seconds = Number(COUNT_EVERY)
  if (/^\d+$/.test(COUNT_EVERY) && seconds >= 1 && seconds <= 86_400) return seconds * 1000
  throw new TypeError('COUNT_EVERY is not a number of seconds. Use 1 to 86400.')
}
