import { OAuthError, TransportError } from '../../src/index.ts'
import type { OAuthErrorCode } from '../../src/index.ts'

/** What one of Salesforce's refusals must become. */
export interface Refusal {
  readonly error: string
  readonly description: string
  readonly code: OAuthErrorCode
  readonly hint: RegExp
  readonly needsLogin?: true
  readonly retryable?: true
}

export const refusal = (
  error: Refusal['code'],
  description: string,
  more: Pick<Refusal, 'hint'> & Partial<Refusal>,
): Refusal => ({
  error: error.slice('oauth/'.length),
  description,
  code: error,
  ...more,
})
export const login = { needsLogin: true } as const
export const later = { retryable: true } as const

/** What the token endpoint is documented to answer to any grant. */
export const tokenRefusals: readonly Refusal[] = [
  refusal('oauth/invalid_grant', 'authentication failure', { hint: /Login History/, ...login }),
  refusal('oauth/invalid_grant', 'ip restricted', { hint: /IP Relaxation/ }),
  refusal('oauth/invalid_grant', 'ip restricted or invalid login hours', { hint: /IP Relaxation/ }),
  refusal('oauth/invalid_grant', 'inactive user', { hint: /Setup › Users/ }),
  refusal('oauth/invalid_grant', "user hasn't approved this consumer", { hint: /^Let the user log in/, ...login }),
  refusal('oauth/invalid_grant', 'something nobody has written down', { hint: /Login History/, ...login }),
  refusal('oauth/invalid_client_id', 'client identifier invalid', { hint: /Consumer Key/ }),
  refusal('oauth/invalid_client', 'invalid client credentials', { hint: /Consumer Secret/ }),
  refusal('oauth/invalid_client', 'app must be installed into org', { hint: /Approve Uninstalled Connected Apps/ }),
  refusal('oauth/invalid_request', 'scope parameter not supported', { hint: /Set scopes on the app/ }),
  refusal('oauth/invalid_request', 'HTTPS required', { hint: /https/ }),
  refusal('oauth/redirect_uri_mismatch', 'redirect_uri must match configuration', { hint: /Callback URL/ }),
  refusal('oauth/redirect_uri_missing', 'redirect_uri not provided', { hint: /Start the login/ }),
  refusal('oauth/unsupported_grant_type', 'grant type not supported', { hint: /enable the flow/ }),
  refusal('oauth/invalid_app_access', 'user is not admin approved to access this app', { hint: /permission set/ }),
  refusal('oauth/oauth_flow_disabled', 'The external client app or the OAuth plugin is disabled.', { hint: /Enable/ }),
  refusal('oauth/app_blocked', 'this app is blocked by admin', { hint: /OAuth Usage/ }),
  refusal('oauth/inactive_org', 'organization is locked, closed, or suspended', { hint: /administrator/ }),
  refusal('oauth/inactive_user', 'user is inactive', { hint: /Setup › Users/ }),
  refusal('oauth/rate_limit_exceeded', 'number of logins exceeded', { hint: /Wait an hour/, ...later }),
  refusal('oauth/unknown_error', 'retry your request', { hint: /Try again/, ...later }),
  refusal('oauth/server_error', 'try again', { hint: /Try again/, ...later }),
  refusal('oauth/use_dpop_nonce', 'a nonce is required', { hint: /./, ...later }),
  refusal('oauth/invalid_dpop_proof', 'the proof is invalid', { hint: /./ }),
  { error: 'brand_new', description: 'of next year', code: 'oauth/unrecognized', hint: /Login History/ },
]

/** What becomes of it where a signature or a foreign token speaks for the user, whom no login page asks. */
export const assertionRefusals: readonly Refusal[] = [
  ...tokenRefusals.filter(({ description }) => !description.includes("hasn't approved")),
  refusal('oauth/invalid_grant', "user hasn't approved this consumer", {
    hint: /^Check the user name.*sandbox.*test\.salesforce\.com.*Permitted Users/,
  }),
]

/** Adds what only one grant is answered. */
export const codeRefusals: readonly Refusal[] = [
  refusal('oauth/invalid_grant', 'expired authorization code', { hint: /Start the login again/, ...login }),
  refusal('oauth/invalid_grant', 'invalid authorization code', { hint: /client id/, ...login }),
  refusal('oauth/invalid_request', 'invalid code verifier', { hint: /one browser tab/, ...login }),
  ...tokenRefusals,
]
export const refreshRefusals: readonly Refusal[] = [
  refusal('oauth/invalid_grant', 'expired access/refresh token', { hint: /Refresh Token Policy/, ...login }),
  refusal('oauth/invalid_grant', 'token request is already being processed', { hint: /session store/, ...later }),
  refusal('oauth/invalid_grant', 'activation secret invalid', { hint: /Log in again/, ...login }),
  ...tokenRefusals,
]

/** What a promise was rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('The call was expected to fail.')
    },
    (error: unknown) => error,
  )
}

export async function oauthFailure(promise: Promise<unknown>): Promise<OAuthError> {
  const error = await failureOf(promise)
  if (error instanceof OAuthError) return error
  throw new Error('The call failed with something other than an OAuthError.', { cause: error })
}

export async function transportFailure(promise: Promise<unknown>): Promise<TransportError> {
  const error = await failureOf(promise)
  if (error instanceof TransportError) return error
  throw new Error('The call failed with something other than a TransportError.', { cause: error })
}
