import { readChallenge, recaptchaMembers } from '../oauth/headless-challenge.ts'
import type { HeadlessChallenge, Recaptcha, VerificationMethod } from '../oauth/headless-challenge.ts'
import { callHeadless, requestCode } from '../oauth/headless-endpoint.ts'
import type { HeadlessCallOptions, HeadlessCode, HeadlessOptions, HeadlessRequest } from '../oauth/headless-endpoint.ts'
import type { TokenEndpoint } from '../oauth/token-endpoint.ts'

export interface PasswordlessLogin {
  username: string
  method: VerificationMethod
  /** Needed where the site demands it. */
  recaptcha?: Recaptcha
}

/**
 * Sends an external user a one-time code by mail or text message, on an Experience Cloud site. Go on with
 * `finishPasswordlessLogin`.
 *
 * @throws {ConfigError} `config/invalid`, before anything is sent, when the login URL is no site.
 * @throws {RequestError} `request/unsendable`, before anything is sent, when no header can carry the access token.
 * @throws {OAuthError} when the site refuses: reCAPTCHA, a missing access token, or the flow is off.
 * @throws {TokenError} `token/malformed-answer`
 * @throws {TransportError} `net/*`; with `sent` true the code may be on its way.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_headless_passwordless_login.htm
 */
export async function startPasswordlessLogin(
  endpoint: TokenEndpoint,
  { username, method, recaptcha }: PasswordlessLogin,
  options: HeadlessCallOptions = {},
): Promise<HeadlessChallenge> {
  const body = { username, verificationmethod: method, ...recaptchaMembers(recaptcha) }
  return readChallenge(await callHeadless(endpoint, { path: 'init/passwordless/login', body }, options), method)
}

export interface PasswordlessLoginGrant extends HeadlessRequest {
  challenge: HeadlessChallenge
  /** What the person typed. */
  otp: string
}

/**
 * Trades the one-time code that the person typed for an authorization code.
 * @returns what `authorizationCode(code.endpoint, code)` redeems.
 * @throws {OAuthError} `oauth/invalid_otp` or `oauth/otp_error` for a wrong or old code: ask again, or start anew.
 * @throws {CallbackError} `callback/foreign-community` when the user belongs to a site that is not trusted.
 * @throws {TransportError} `net/*`
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_headless_passwordless_login.htm
 */
export async function finishPasswordlessLogin(
  endpoint: TokenEndpoint,
  { challenge, otp, ...request }: PasswordlessLoginGrant,
  options: HeadlessOptions = {},
): Promise<HeadlessCode> {
  const headers = { 'auth-verification-type': challenge.method }
  const basic = [challenge.identifier, otp] as const
  return requestCode(endpoint, { ...request, requestType: 'passwordless-login', headers, basic }, options)
}
