import { TransportError } from '../errors/errors.ts'

/** How long an attempt might take, and what ends it. */
export interface Attempt {
  readonly deadline: AbortSignal
  /** Milliseconds. */
  readonly timeout: number
  /** The caller's own. */
  readonly signal?: AbortSignal | undefined
}

/** What became of a request to which no whole answer came, by the error that `fetch` or its body threw. */
export function transportError(host: string, error: unknown, attempt?: Attempt): TransportError {
  if (attempt?.signal?.aborted === true) {
    return new TransportError('net/aborted', `The request to ${host} was given up by its caller.`, {
      sent: true,
      cause: error,
    })
  }
  if (attempt?.deadline.aborted === true) {
    return new TransportError('net/timeout', `${host} did not answer within ${attempt.timeout} ms.`, {
      sent: true,
      cause: error,
      hint: 'Try again; if it stays slow, raise the timeout option or look at the network between this server and Salesforce.',
    })
  }
  const reason = unsentReason(error)
  if (reason !== undefined) {
    return new TransportError('net/unreachable', `${host} cannot be reached (${reason}).`, {
      sent: false,
      cause: error,
      hint: 'Check the login URL, DNS, and any proxy or firewall between this server and Salesforce.',
    })
  }
  return new TransportError('net/connection-lost', `The connection to ${host} broke before the answer was complete.`, {
    sent: true,
    cause: error,
    hint: 'Try again.',
  })
}

// What Node, Bun and Deno call a connection that never came about. Anything else counts as sent: the safe side.
const UNSENT =
  /^(?:ENOTFOUND|EAI_\w+|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|FailedToOpenSocket|CERT_\w+|ERR_TLS_CERT\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/
// Deno has no codes: the kind of failure stands in the text.
const DENO_UNSENT = /client error \(Connect\): ([^\n]{1,200})/

type Fact = 'code' | 'syscall' | 'message' | 'cause' | 'errors'

function unsentReason(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined
  const { code, syscall, message, cause, errors } = error as Partial<Record<Fact, unknown>>
  if (Array.isArray(errors) && errors.length > 0) {
    const reasons = errors.map((each) => unsentReason(each, depth + 1))
    return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined
  }
  // What the Fetch standard calls a port that no request is made to; Deno writes a sentence.
  if (typeof message === 'string' && /^bad port$|Requests to port \d+ are blocked/.test(message)) return 'bad port'
  if (typeof code === 'string' && (UNSENT.test(code) || syscall === 'connect')) return code
  const inWords = typeof message === 'string' ? DENO_UNSENT.exec(message)?.[1] : undefined
  if (inWords !== undefined) return inWords
  return unsentReason(cause, depth + 1)
}
