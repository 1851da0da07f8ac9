import { headerValue } from '../net/header-value.ts'
import { requestCode } from '../oauth/headless-endpoint.ts'
import type { HeadlessCode, HeadlessOptions, HeadlessRequest, Visitor } from '../oauth/headless-endpoint.ts'
import type { TokenEndpoint } from '../oauth/token-endpoint.ts'

/** A user name, or whatever the site's user discovery handler understands as `loginHint`. */
export type Credentials =
  | { readonly username: string; readonly password: string }
  | {
      readonly loginHint: string
      readonly password: string
      /** Handed to the discovery handler. */
      readonly customData?: Readonly<Record<string, unknown>>
    }

export type CodeAndCredentialsGrant = HeadlessRequest & Credentials

export interface CodeAndCredentialsOptions extends HeadlessOptions {
  /** `'body'` for apps that take credentials there only; a `loginHint` always goes there. @default 'header' */
  credentialsIn?: 'header' | 'body'
  /** The guest who logs in: carries what the guest session knew into this one. */
  visitor?: Visitor
}

/**
 * Logs an external user in with your own page: user name and password for a code, on an Experience Cloud site.
 * Employees are not served. Passwords pass through your server: never log them.
 *
 * @returns what `authorizationCode(code.endpoint, code)` redeems.
 * @throws {ConfigError} `config/invalid`, before anything is sent, when the login URL is no site.
 * @throws {RequestError} `request/unsendable`, before anything is sent: a user name with a colon fits the body only, and
 *   no header can carry the visitor's token.
 * @throws {OAuthError} `oauth/login_error` or `oauth/invalid_grant` for wrong credentials.
 * @throws {CallbackError} `callback/foreign-community` when the user belongs to a site that is not trusted.
 * @throws {TokenError} `token/malformed-answer`
 * @throws {TransportError} `net/*`; safe to repeat, but failed logins count against the user.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_authorization_code_credentials_flow.htm
 */
export async function codeAndCredentials(
  endpoint: TokenEndpoint,
  grant: CodeAndCredentialsGrant,
  options: CodeAndCredentialsOptions = {},
): Promise<HeadlessCode> {
  const { visitor } = options
  const { basic, parameters } = carry(grant, options.credentialsIn ?? 'header')
  return requestCode(
    endpoint,
    {
      requestType: 'Named-User',
      redirectUri: grant.redirectUri,
      ...(grant.scope !== undefined && { scope: grant.scope }),
      ...(basic !== undefined && { basic }),
      ...(visitor !== undefined &&
        'token' in visitor && { headers: { 'uvid-hint': headerValue('visitor', visitor.token) } }),
      parameters: { ...parameters, ...(visitor !== undefined && 'uvid' in visitor && { uvid_hint: visitor.uvid }) },
    },
    options,
  )
}

interface Carried {
  readonly basic?: readonly [string, string]
  readonly parameters: Readonly<Record<string, string>>
}

function carry(credentials: Credentials, where: 'header' | 'body'): Carried {
  const { password } = credentials
  if ('loginHint' in credentials) {
    const { loginHint, customData } = credentials
    const data = customData === undefined ? {} : { customdata: JSON.stringify(customData) }
    return { parameters: { login_hint: loginHint, password, ...data } }
  }
  const { username } = credentials
  return where === 'body' ? { parameters: { username, password } } : { basic: [username, password], parameters: {} }
}
