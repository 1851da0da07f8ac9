import { findOAuthHint } from '../errors/hints.ts'
import { isSalesforceAuthError, OAuthError, SessionError, TokenError, TransportError } from '../errors/errors.ts'

/** What a failed spend means for the grant. */
export type SpendVerdict =
  /** No byte left: the refresh token is untouched. */
  | 'unsent'
  /** Another request is spending the same token right now. */
  | 'busy'
  /** It was sent and no answer came: nobody can tell whether the token was rotated. */
  | 'lost'
  /** The grant is dead. */
  | 'fatal'
  /** Salesforce declined and the grant lives. */
  | 'declined'
  /** An answer came that helps nobody, with the fate of the token open. */
  | 'unusable'

const FATAL = ['invalid_grant', 'inactive_user', 'inactive_org', 'invalid_token']

export function judgeSpend(error: unknown): SpendVerdict {
  if (error instanceof TransportError) {
    if (!error.sent) return 'unsent'
    return error.code === 'net/server-error' ? 'unusable' : 'lost'
  }
  if (!(error instanceof OAuthError)) return 'unusable'
  if (error.error === 'invalid_grant' && error.retryable) return 'busy'
  if (findOAuthHint(error.error, error.description)?.grantLives) return 'declined'
  return FATAL.includes(error.error) ? 'fatal' : 'declined'
}

/** A refusal that only somebody's action can help. */
export function isDeclined(error: unknown): boolean {
  return judgeSpend(error) === 'declined' && isSalesforceAuthError(error) && !error.retryable
}

/** A lock that was lost before anything was sent is only to be taken again. */
export function isLeaseLost(error: unknown): boolean {
  return isSalesforceAuthError(error) && error.code === 'token/lease-lost'
}

const LOGIN = 'Send the browser to the login route; a stored connection has to be reconnected.'

export function grantEnded(cause: OAuthError): TokenError {
  return new TokenError('token/grant-ended', `Salesforce has ended this access. ${cause.message}`, {
    cause,
    hint: cause.hint ?? LOGIN,
  })
}

export function answerLost(cause: OAuthError): TokenError {
  const message =
    'A refresh was sent, its answer was lost, and the refresh token is dead now: Salesforce had rotated it meanwhile.'
  return new TokenError('token/refresh-answer-lost', message, { cause, hint: LOGIN })
}

export function refreshMissing(): TokenError {
  return new TokenError(
    'token/refresh-missing',
    'The access token is dead and there is no refresh token to renew it.',
    {
      hint: `${LOGIN} To avoid it, ask for the scope refresh_token and assign it to the app.`,
    },
  )
}

export function refreshBusy(cause: unknown): TokenError {
  return new TokenError('token/refresh-busy', 'Another request keeps this refresh token busy.', {
    cause,
    hint: 'Try again. With several processes, configure a session store: then they take turns instead of colliding.',
  })
}

export function leaseLost(): TokenError {
  return new TokenError('token/lease-lost', 'The lock was lost, and the refresh token was not sent.', {
    hint: 'Try again. If it keeps happening, the store is slow or the clocks of its clients differ.',
  })
}

export function responseStarted(): SessionError {
  const message =
    'The access token must be renewed, but the response has started and the session cookie cannot change any more.'
  return new SessionError('session/response-started', message, {
    hint: 'Ask for the access token before you write the response, or configure a session store.',
  })
}

export function sessionEnded(): SessionError {
  return new SessionError('session/ended', 'The session ended while the request was under way.', {
    hint: 'Send the browser to the login route.',
  })
}
