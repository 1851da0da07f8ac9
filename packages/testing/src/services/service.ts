/** A server that a test has for itself. */
export interface Service {
  /** Without a password; on this machine only. */
  readonly url: string
  /** What it is, as it says itself. */
  readonly version: string
  /** Ends it at once, as a crash does. What it keeps stays. */
  kill(): Promise<void>
  /** Starts it again, at the same address, with what it kept. */
  start(): Promise<void>
  /** Ends it and forgets what it kept. */
  stop(): Promise<void>
}

/** Says aloud that a service cannot be had, and fails where it must be. */
export function unavailable(name: string, hint: string): undefined {
  const message = `NO ${name.toUpperCase()}: its tests are skipped. ${hint}`
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(message)
  console.warn(message)
  return undefined
}
