import { redact } from './redact.ts'

/** Something worth knowing that happened outside the normal course. It never holds a token, code, secret or cookie. */
export interface LogEvent {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly event: string
  readonly message: string
  readonly [detail: string]: string | number | boolean | undefined
}

export type Logger = (event: LogEvent) => void

/** Passes events on with every text redacted; a logger that throws breaks nothing. */
export function safeLogger(logger: Logger): Logger {
  return (event) => {
    const entries = Object.entries(event).map(([name, value]) => [
      name,
      typeof value === 'string' ? redact(value) : value,
    ])
    // Logging must not decide whether a login works, also when it is asynchronous.
    const ignore = (): void => undefined
    try {
      const done: unknown = logger(Object.fromEntries(entries) as LogEvent)
      if (done instanceof Promise) done.catch(ignore)
    } catch {
      ignore()
    }
  }
}

/** Prints warnings and errors; stays quiet about the rest. */
export function consoleLogger(event: LogEvent): void {
  const { level, message, connectionId } = event
  const line = `[orgpass] ${message}${connectionId === undefined ? '' : ` (connection ${connectionId})`}`
  if (level === 'warn') console.warn(line)
  if (level === 'error') console.error(line)
}
