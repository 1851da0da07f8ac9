import { CallbackError } from '../errors/errors.ts'
import type { Exchange } from '../http/exchange.ts'
import { isLocalHost } from '../org/local.ts'
import type { TransactionLoss } from '../session/transaction.ts'

export interface CallbackEvidence {
  readonly loss: TransactionLoss
  /** Whether the callback carried anything that Salesforce sends. */
  readonly answered: boolean
  /** Where browsers should reach this app. */
  readonly baseUrl: URL
  /** How many login attempts this browser has open. */
  readonly open: number
}

/** Names the reason why a callback has no login attempt to belong to, from evidence only; says so when there is none. */
export function diagnoseCallback(exchange: Exchange, evidence: CallbackEvidence): CallbackError {
  const { loss, answered, baseUrl, open } = evidence
  if (!answered) {
    return new CallbackError('callback/opened-directly', 'The callback was opened without an answer from Salesforce.', {
      hint: 'Start at the login route; the callback is only for Salesforce to return to.',
    })
  }
  switch (loss.why) {
    case 'used':
      return new CallbackError(
        'callback/already-used',
        'This login was finished before: the page was reloaded or opened from the history.',
        {
          hint: 'Start the login again.',
        },
      )
    case 'expired':
      return new CallbackError('callback/expired', 'The login took longer than 30 minutes.', {
        hint: 'Start the login again.',
      })
    case 'evicted':
      return new CallbackError(
        'callback/evicted',
        'More than five logins were started in this browser; this one was the oldest.',
        {
          hint: 'Start the login again. If nobody clicked that often, something on the page starts logins by itself.',
        },
      )
    case 'missing':
      return diagnoseMissing(exchange, { baseUrl, open, startedOn: loss.startedOn })
  }
}

/** The host that the browser asked for, written as URLs write it; `undefined` when only a proxy's own is known. */
function browserHost(exchange: Exchange, baseUrl: URL): string | undefined {
  const forwarded = firstOf(exchange.header('x-forwarded-host'))
  const address = `${baseUrl.protocol}//${forwarded ?? exchange.header('host') ?? ''}`
  if (!URL.canParse(address)) return undefined
  const { host, hostname } = new URL(address)
  const internal = forwarded === undefined && isLocalHost(hostname) && !isLocalHost(baseUrl.hostname)
  return internal ? undefined : host
}

/** Each proxy on the way adds to such a header; the browser's side stands first. */
function firstOf(header: string | undefined): string | undefined {
  return header?.split(',')[0]?.trim().toLowerCase()
}

interface MissingEvidence extends Pick<CallbackEvidence, 'baseUrl' | 'open'> {
  readonly startedOn: string | undefined
}

function diagnoseMissing(exchange: Exchange, { baseUrl, open, startedOn }: MissingEvidence): CallbackError {
  if (startedOn !== undefined && startedOn !== exchange.header('host')) {
    return new CallbackError(
      'callback/other-host',
      `The login began on another host than ${baseUrl.host}, so its cookie is not here.`,
      {
        hint: `Open the app as ${baseUrl.origin}, or set baseUrl to the address that browsers use.`,
      },
    )
  }
  const host = browserHost(exchange, baseUrl)
  if (host !== undefined && host !== baseUrl.host) {
    return new CallbackError(
      'callback/other-host',
      `The callback arrived at another host than ${baseUrl.host}, where the login's cookie is.`,
      {
        hint: `Let browsers use ${baseUrl.origin} only, or set baseUrl to the host they use; register its callback with the app.`,
      },
    )
  }
  if (baseUrl.protocol === 'https:' && firstOf(exchange.header('x-forwarded-proto')) === 'http') {
    return new CallbackError(
      'callback/plain-http',
      'The callback arrived over http, where the browser does not send the login’s cookie.',
      {
        hint: 'Redirect http to https before the login starts.',
      },
    )
  }
  if (/^(?:iframe|frame|embed|object)$/.test(exchange.header('sec-fetch-dest') ?? '')) {
    return new CallbackError(
      'callback/framed',
      'The login ran inside a frame of another site, where browsers keep cookies back.',
      {
        hint: 'Open the login in a window of its own.',
      },
    )
  }
  if (open > 0) {
    return new CallbackError(
      'callback/transaction-missing',
      'This browser has other logins under way, but not the one that Salesforce answered.',
      {
        hint: 'Start the login again, in one tab.',
      },
    )
  }
  const hint =
    'Start the login again. If it keeps happening: the browser may block cookies, or the session secret changed while the login was under way.'
  return new CallbackError(
    'callback/transaction-missing',
    'The login that Salesforce answered is not known in this browser. Its cookie is missing, and nothing tells why.',
    { hint },
  )
}
