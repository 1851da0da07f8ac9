import { TokenError } from '../errors/errors.ts'
import type { Members } from './answer.ts'

/** How a one-time code reaches the person. */
export type VerificationMethod = 'email' | 'sms'

/** A one-time code is on its way. Keep this on the server, or sealed, until the person types the code. */
export interface HeadlessChallenge {
  /** What Salesforce calls this attempt. */
  readonly identifier: string
  readonly method: VerificationMethod
}

/** reCAPTCHA Enterprise, as the site is set up for it. */
export interface RecaptchaEvent {
  token: string
  siteKey: string
  projectId: string
  /** The action the token was made for: `login`, for example. */
  expectedAction: string
}

/** What proves that a person asks: reCAPTCHA's token, or an event of reCAPTCHA Enterprise. */
export type Recaptcha = string | RecaptchaEvent

export function recaptchaMembers(recaptcha: Recaptcha | undefined): Members {
  if (recaptcha === undefined) return {}
  return typeof recaptcha === 'string' ? { recaptcha } : { recaptchaevent: recaptcha }
}

/** @throws {TokenError} `token/malformed-answer` when the attempt has no name to go on with. */
export function readChallenge({ identifier }: Members, method: VerificationMethod): HeadlessChallenge {
  if (typeof identifier === 'string' && identifier !== '') return { identifier, method }
  throw new TokenError('token/malformed-answer', 'The site did not name the attempt that the one-time code is for.', {
    hint: 'Check that the login URL is the Experience Cloud site, with its path, and that the flow is enabled there.',
  })
}
