/** A server that a test has for itself, unless it was given. */
export interface Service {
  /** Without a password where it was not given; on this machine only. */
  readonly url: string
  /** What it is, as it says itself. */
  readonly version: string
  /** Whether a variable named it: it may be somebody else's, so it can be neither killed, stalled nor stopped. */
  readonly given: boolean
  /** Ends it at once, as a crash does. What it keeps stays. */
  kill(): Promise<void>
  /** Starts it again, at the same address, with what it kept. */
  start(): Promise<void>
  /** Lets it hang: it keeps its connections and answers nothing, until `resume` or `kill`. */
  stall(): Promise<void>
  resume(): Promise<void>
  /** Ends it and forgets what it kept. */
  stop(): Promise<void>
}

/** Says aloud that a service cannot be had, and fails where it must be. */
export function unavailable(name: string, hint: string): undefined {
  const message = `NO ${name.toUpperCase()}: its tests are skipped. ${hint}`
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(`${message} REQUIRE_SERVICES=1 forbids the skip.`)
  console.warn(message)
  return undefined
}

/** The server that an environment variable names. */
export function givenService(variable: string): Service | undefined {
  const url = process.env[variable]
  if (url === undefined || url === '') return undefined
  const refuse = async (): Promise<never> => {
    throw new TypeError(`The server of ${variable} is not the test's own: check \`given\` before.`)
  }
  const version = `the server of ${variable}`
  return { url, version, given: true, kill: refuse, start: refuse, stall: refuse, resume: refuse, stop: async () => {} }
}
