export interface Deadline {
  readonly signal: AbortSignal
  /** To be called when it is not needed any more. */
  clear(): void
}

/** What a process that stood still gets to read what lies in its sockets: timers run before those. Milliseconds. */
const MOMENT = 250

/** Aborted after `duration` milliseconds; a little later where the process could not read what had come in time. */
export function deadlineAfter(duration: number): Deadline {
  const over = new AbortController()
  const abort = (): void => over.abort()
  const due = performance.now() + duration
  let timer = setTimeout(() => {
    if (performance.now() - due < MOMENT) abort()
    else timer = setTimeout(abort, MOMENT)
  }, duration)
  return { signal: over.signal, clear: () => clearTimeout(timer) }
}
