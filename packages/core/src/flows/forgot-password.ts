import { recaptchaMembers } from '../oauth/headless-challenge.ts'
import type { Recaptcha } from '../oauth/headless-challenge.ts'
import { callHeadless } from '../oauth/headless-endpoint.ts'
import type { HeadlessCallOptions } from '../oauth/headless-endpoint.ts'
import type { TokenEndpoint } from '../oauth/token-endpoint.ts'

export interface ForgottenPassword {
  username: string
  /** Needed where the site demands it. */
  recaptcha?: Recaptcha
}

/**
 * Mails an external user of an Experience Cloud site a one-time code for a new password. Answer every visitor alike,
 * or your page tells strangers who has an account.
 *
 * @throws {ConfigError} `config/invalid`, before anything is sent, when the login URL is no site.
 * @throws {RequestError} `request/unsendable`, before anything is sent, when no header can carry the access token.
 * @throws {OAuthError} when the site refuses: reCAPTCHA, a missing access token, or the flow is off.
 * @throws {TransportError} `net/*`; with `sent` true the code may be on its way.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_headless_forgot_password.htm
 */
export async function startForgotPassword(
  endpoint: TokenEndpoint,
  { username, recaptcha }: ForgottenPassword,
  options: HeadlessCallOptions = {},
): Promise<void> {
  const body = { username, ...recaptchaMembers(recaptcha) }
  await callHeadless(endpoint, { path: 'forgot_password', body }, options)
}

export interface NewPassword {
  username: string
  /** What the person typed. */
  otp: string
  newPassword: string
}

/**
 * Sets a new password with the one-time code that the person typed. Nobody is logged in by it.
 * @throws {OAuthError} `oauth/invalid_otp` or `oauth/otp_error` for a wrong or old code, or when the password is refused.
 * @throws {TransportError} `net/*`; with `sent` true the password may be changed.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_headless_forgot_password.htm
 */
export async function finishForgotPassword(
  endpoint: TokenEndpoint,
  { username, otp, newPassword }: NewPassword,
  options: HeadlessCallOptions = {},
): Promise<void> {
  await callHeadless(endpoint, { path: 'forgot_password', body: { username, otp, newpassword: newPassword } }, options)
}
