import { readChallenge, recaptchaMembers } from '../oauth/headless-challenge.ts'
import type { HeadlessChallenge, Recaptcha, VerificationMethod } from '../oauth/headless-challenge.ts'
import { callHeadless, requestCode } from '../oauth/headless-endpoint.ts'
import type { HeadlessCallOptions, HeadlessCode, HeadlessOptions, HeadlessRequest } from '../oauth/headless-endpoint.ts'
import type { TokenEndpoint } from '../oauth/token-endpoint.ts'

export interface HeadlessRegistration {
  user: { firstName: string; lastName: string; email: string; username: string }
  method: VerificationMethod
  /** @default none: the user logs in without one */
  password?: string
  /** Handed to the site's registration handler. */
  customData?: Readonly<Record<string, unknown>>
  /** Needed where the site demands it. */
  recaptcha?: Recaptcha
}

/**
 * Registers an external user on an Experience Cloud site and sends a one-time code. The user exists once
 * `finishRegistration` has shown that code.
 *
 * @throws {ConfigError} `config/invalid`, before anything is sent, when the login URL is no site.
 * @throws {RequestError} `request/unsendable`, before anything is sent, when no header can carry the access token.
 * @throws {OAuthError} `oauth/registration_error`, `oauth/failed_registration`, or `oauth/exceeded_registration_limit`.
 * @throws {TokenError} `token/malformed-answer`
 * @throws {TransportError} `net/*`; with `sent` true the code may be on its way.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_headless_registration.htm
 */
export async function startRegistration(
  endpoint: TokenEndpoint,
  { user, method, password, customData, recaptcha }: HeadlessRegistration,
  options: HeadlessCallOptions = {},
): Promise<HeadlessChallenge> {
  const body = {
    userdata: user,
    verificationmethod: method,
    ...(password !== undefined && { password }),
    ...(customData !== undefined && { customdata: customData }),
    ...recaptchaMembers(recaptcha),
  }
  return readChallenge(await callHeadless(endpoint, { path: 'init/registration', body }, options), method)
}

export interface RegistrationGrant extends HeadlessRequest {
  challenge: HeadlessChallenge
  /** What the person typed. */
  otp: string
}

/**
 * Trades the one-time code of a registration for an authorization code: the user is created and logged in.
 * @returns what `authorizationCode(code.endpoint, code)` redeems.
 * @throws {OAuthError} `oauth/invalid_otp` or `oauth/otp_error` for a wrong or old code: ask again, or start anew.
 * @throws {CallbackError} `callback/foreign-community` when the user belongs to a site that is not trusted.
 * @throws {TransportError} `net/*`; with `sent` true the user may exist.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_headless_registration.htm
 */
export async function finishRegistration(
  endpoint: TokenEndpoint,
  { challenge, otp, ...request }: RegistrationGrant,
  options: HeadlessOptions = {},
): Promise<HeadlessCode> {
  const headers = { 'auth-verification-type': challenge.method }
  const basic = [challenge.identifier, otp] as const
  return requestCode(endpoint, { ...request, requestType: 'user-registration', headers, basic }, options)
}
