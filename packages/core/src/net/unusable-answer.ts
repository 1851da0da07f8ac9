import { TransportError } from '../errors/errors.ts'

const NOT_JSON_HINT =
  'Check that the login URL is a Salesforce host, with a path for a site only, and that no proxy answers in its place.'

/** What an answer means that is neither a result nor one of Salesforce's errors: an outage page, or a stranger. */
export function unusableAnswer(host: string, status: number, hint: string = NOT_JSON_HINT): TransportError {
  if (status >= 500 || status === 429 || status === 420) {
    return new TransportError('net/server-error', `${host} answered ${status}.`, {
      sent: true,
      hint: 'Salesforce is busy or under maintenance: try again shortly.',
    })
  }
  return new TransportError('net/not-json', `${host} answered ${status} with something unexpected.`, {
    sent: true,
    hint,
    retryable: !isRefusal(status),
  })
}

/** Whether the same request will be refused for ever: of 4xx, only 408 and 425 say that the moment was wrong. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 425
}
