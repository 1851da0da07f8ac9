import { CODES, OAUTH_ERRORS } from './codes.ts'
import type { CodeTraits, OAuthErrorCode, OwnErrorCode, SalesforceAuthErrorCode } from './codes.ts'
import { findOAuthHint, UNRECOGNIZED_HINT } from './hints.ts'
import { findRestHint, UNRECOGNIZED_REST_HINT } from './rest-hints.ts'
import type { RestAnswer } from './rest-hints.ts'
import { plainCause, plainText, redact } from './redact.ts'

const NOT_EXPOSED = 'The app could not do this. Its log says why.'
const BRAND = Symbol.for('@orgpass/core/error')

export interface ErrorDetails {
  hint?: string
  cause?: unknown
}

/**
 * The base of everything this kit throws. `code` says what happened, `hint` what to change. `status`,
 * `statusCode` and `expose` follow the convention that Express, Koa and Nest read, so they answer it unmapped.
 */
export class SalesforceAuthError extends Error {
  override readonly name: string = 'SalesforceAuthError'
  readonly code: SalesforceAuthErrorCode
  /** What to change, in one or two sentences. */
  readonly hint: string | undefined
  /** The HTTP status that fits when the error is answered to a browser. */
  readonly status: number
  readonly statusCode: number
  /** Whether the message may be shown to the visitor. */
  readonly expose: boolean
  /** Whether the same call can succeed later with nothing changed. */
  readonly retryable: boolean
  /** Whether a new login by a person, in a browser, can cure it. A program without one cannot do it by itself. */
  readonly needsLogin: boolean
  /**
   * When a service connection asks Salesforce again; until then it answers every call with this error. Whether asking
   * again can help is for `retryable` to say. Epoch milliseconds.
   */
  retryAt?: number

  constructor(code: SalesforceAuthErrorCode, message: string, details: ErrorDetails & Partial<CodeTraits> = {}) {
    super(redact(message), details.cause === undefined ? undefined : { cause: details.cause })
    const traits: CodeTraits = code in CODES ? CODES[code as OwnErrorCode] : { status: 502 }
    this.code = code
    this.hint = details.hint === undefined ? undefined : redact(details.hint)
    this.status = this.statusCode = details.status ?? traits.status
    this.expose = this.status < 500
    this.retryable = details.retryable ?? traits.retryable ?? false
    this.needsLogin = details.needsLogin ?? traits.needsLogin ?? false
    Object.defineProperty(this, BRAND, { value: true })
  }

  /** What may be answered to a client or logged: no stack, no cause. */
  toJSON(): {
    error: SalesforceAuthErrorCode
    message: string
    hint?: string
    needsLogin: boolean
    retryable: boolean
    retryAt?: number
  } {
    const { code, message, hint, needsLogin, retryable, retryAt } = this
    return {
      error: code,
      message,
      ...(hint !== undefined && { hint }),
      needsLogin,
      retryable,
      ...(retryAt !== undefined && { retryAt }),
    }
  }

  /**
   * The answer to a visitor, as Hono asks an error for it: JSON with the status. What only the app's owner should read
   * goes to the console instead.
   */
  getResponse(): Response {
    if (!this.expose) console.error(this)
    const { error, needsLogin, retryable } = this.toJSON()
    const body = this.expose ? this.toJSON() : { error, message: NOT_EXPOSED, needsLogin, retryable }
    return new Response(JSON.stringify(body), {
      status: this.status,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    })
  }
}

/** True for every error of this kit, also when two copies of it are installed. Never throws. */
export function isSalesforceAuthError(value: unknown): value is SalesforceAuthError {
  return typeof value === 'object' && value !== null && BRAND in value
}

// Only what a host's own hook threw is passed on as it is: its cause is the host's to know.
export function withPlainCause({ cause, ...details }: ErrorDetails = {}): ErrorDetails {
  return { ...details, cause: isSalesforceAuthError(cause) ? cause : plainCause(cause) }
}

/** One thing that is wrong with the configuration. */
export interface ConfigFault {
  readonly option: string
  readonly problem: string
  readonly hint: string
}

/**
 * The configuration cannot work. Thrown at creation; `faults` lists everything that shows then, not only the first. A
 * key that only looks right shows at its first use.
 */
export class ConfigError extends SalesforceAuthError {
  override readonly name = 'ConfigError'
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[], code: OwnErrorCode & `config/${string}` = 'config/invalid') {
    super(code, faults.map(({ option, problem }) => `${option}: ${problem}.`).join('\n'), {
      // Consoles print it below the stack of an error that nobody caught.
      hint: faults.map(({ option, hint }) => (faults.length > 1 ? `${option}: ${hint}` : hint)).join('\n'),
    })
    this.faults = faults
  }
}

export interface OAuthAnswer {
  error: string
  description: string | undefined
  /** The HTTP status Salesforce answered with; absent for an error that came through the browser. */
  httpStatus?: number
  /** What the token endpoint was asked with. */
  grantType?: string | undefined
  /** Only an address that may be shown. */
  errorUri?: string | undefined
}

/** Salesforce said no. `error` and `description` are its own words, made harmless; the hint names the Setup page. */
export class OAuthError extends SalesforceAuthError {
  override readonly name = 'OAuthError'
  declare readonly code: OAuthErrorCode
  readonly error: string
  readonly description: string | undefined
  readonly httpStatus: number | undefined
  /** A page of the org's Setup that tells more, where Salesforce names one: the SAML Assertion Validator. */
  declare readonly errorUri?: string

  constructor(answer: OAuthAnswer) {
    const row = findOAuthHint(answer.error, answer.description, answer.grantType)
    const error = plainText(answer.error)
    const description = answer.description === undefined ? undefined : plainText(answer.description)
    const words = description === undefined ? error : `${error}: ${description}`
    super(oauthCode(answer.error), `Salesforce answered "${words}". ${row?.cause ?? ''}`.trim(), {
      hint: row?.hint ?? UNRECOGNIZED_HINT,
      status: row?.retryable ? 503 : row?.needsLogin ? 401 : 502,
      ...(row?.retryable && { retryable: true }),
      ...(row?.needsLogin && { needsLogin: true }),
    })
    this.error = error
    this.description = description
    this.httpStatus = answer.httpStatus
    if (answer.errorUri !== undefined) this.errorUri = answer.errorUri
  }
}

function oauthCode(error: string): OAuthErrorCode {
  const known = OAUTH_ERRORS.find((name) => name === error)
  return known === undefined ? 'oauth/unrecognized' : `oauth/${known}`
}

/** One of Salesforce's APIs refused a call. `errorCode` and `description` are its own words, made harmless. */
export class RestError extends SalesforceAuthError {
  override readonly name = 'RestError'
  declare readonly code: OwnErrorCode & `rest/${string}`
  readonly errorCode: string | undefined
  readonly description: string | undefined
  readonly httpStatus: number

  constructor(answer: RestAnswer) {
    const row = findRestHint(answer)
    const words = [answer.errorCode, answer.description].flatMap((word) => plainText(word ?? '') || []).join(': ')
    const said = words === '' ? '' : ` "${words}"`
    super(row?.code ?? 'rest/unrecognized', `Salesforce answered ${answer.status}${said}. ${row?.cause ?? ''}`.trim(), {
      hint: row?.hint ?? UNRECOGNIZED_REST_HINT,
    })
    this.errorCode = answer.errorCode === undefined ? undefined : plainText(answer.errorCode)
    this.description = answer.description === undefined ? undefined : plainText(answer.description)
    this.httpStatus = answer.status
  }
}

/** No usable answer came from Salesforce. `sent` tells whether the request may have been carried out. */
export class TransportError extends SalesforceAuthError {
  override readonly name = 'TransportError'
  /** False only when it is certain that no byte of the request left this machine's side of the connection. */
  readonly sent: boolean

  constructor(
    code: OwnErrorCode & `net/${string}`,
    message: string,
    details: ErrorDetails & { sent: boolean; retryable?: boolean },
  ) {
    super(code, message, withPlainCause(details))
    this.sent = details.sent
  }
}

/** A login did not come back as it should have. What Salesforce refused, an `OAuthError`, decides what helps. */
export class CallbackError extends SalesforceAuthError {
  override readonly name = 'CallbackError'
  constructor(code: OwnErrorCode & `callback/${string}`, message: string, details: ErrorDetails = {}) {
    const { retryable, needsLogin } = details.cause instanceof OAuthError ? details.cause : {}
    super(code, message, { ...details, ...(retryable && { retryable }), ...(needsLogin && { needsLogin }) })
  }
}

/** A token is missing, dead, or not what it claims to be. */
export class TokenError extends SalesforceAuthError {
  override readonly name = 'TokenError'
  constructor(code: OwnErrorCode & `token/${string}`, message: string, details?: ErrorDetails) {
    super(code, message, withPlainCause(details))
  }
}

/** A login on another device came to nothing. */
export class DeviceError extends SalesforceAuthError {
  override readonly name = 'DeviceError'
  constructor(code: OwnErrorCode & `device/${string}`, message: string, details?: ErrorDetails) {
    super(code, message, details)
  }
}

/** There is no session, or it cannot be read or written. */
export class SessionError extends SalesforceAuthError {
  override readonly name = 'SessionError'
  constructor(code: OwnErrorCode & `session/${string}`, message: string, details?: ErrorDetails) {
    super(code, message, withPlainCause(details))
  }
}

/** The HTTP request itself is not acceptable: one that came in, or one that was to go out. */
export class RequestError extends SalesforceAuthError {
  override readonly name = 'RequestError'
  constructor(code: OwnErrorCode & `request/${string}`, message: string, details?: ErrorDetails) {
    super(code, message, details)
  }
}

/** A guard cannot decide, because what it has to know cannot be had. It never means that the visitor may pass. */
export class GuardError extends SalesforceAuthError {
  override readonly name = 'GuardError'
  constructor(code: OwnErrorCode & `guard/${string}`, message: string, details?: ErrorDetails & { status?: number }) {
    super(code, message, withPlainCause(details))
  }
}
