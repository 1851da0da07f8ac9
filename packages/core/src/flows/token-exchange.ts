import { TokenError } from '../errors/errors.ts'
import { requireOwnHost } from '../oauth/own-host.ts'
import { encodeSaml } from '../oauth/saml-document.ts'
import type { TokenEndpoint } from '../oauth/token-endpoint.ts'
import type { TokenSet } from '../oauth/token-set.ts'

export type SubjectTokenType = 'access_token' | 'refresh_token' | 'id_token' | 'saml2' | 'jwt'

export interface TokenExchangeGrant {
  /** What the identity provider issued; a `saml2` assertion as XML, base64 or base64url. At most 10,000 characters. */
  subjectToken: string
  subjectTokenType: SubjectTokenType
  /** The handler's developer name. @default the one that is the app's or org's default */
  tokenHandler?: string
  /** Some of the app's scopes. @default all of them */
  scope?: readonly string[]
  /** Asks for web sessions as well, for a mobile app's web views. @default false */
  hybrid?: boolean
}

export interface TokenExchangeOptions {
  signal?: AbortSignal
}

const LONGEST_SUBJECT = 10_000

/**
 * Trades a token of another identity provider for one of Salesforce: an Apex handler in the org checks it and finds
 * the user. The org's own host only, My Domain or site; the user must be pre-authorized by an administrator.
 *
 * @throws {ConfigError} `config/invalid`, before anything is sent, on a login host that serves every org.
 * @throws {TokenError} `token/subject-too-long` or `token/assertion-invalid`, before anything is sent.
 * @throws {OAuthError} `oauth/invalid_request` when the handler is missing or refuses, in its own words then;
 *   `oauth/invalid_grant` when the user is not pre-authorized.
 * @throws {TransportError} `net/*`
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_token_exchange_overview.htm
 */
export async function tokenExchange(
  endpoint: TokenEndpoint,
  grant: TokenExchangeGrant,
  options: TokenExchangeOptions = {},
): Promise<TokenSet> {
  requireOwnHost(endpoint.login, 'token exchange')
  const { subjectToken: token, subjectTokenType, tokenHandler, scope, hybrid = false } = grant
  const subjectToken = subjectTokenType === 'saml2' ? encodeSaml(token, 'Assertion') : token
  if (subjectToken.length > LONGEST_SUBJECT) throw tooLong(subjectToken.length)
  const grantType = hybrid ? 'hybrid-token-exchange' : 'token-exchange'
  return endpoint.request(
    `urn:ietf:params:oauth:grant-type:${grantType}`,
    {
      subject_token: subjectToken,
      subject_token_type: `urn:ietf:params:oauth:token-type:${subjectTokenType}`,
      ...(tokenHandler !== undefined && { token_handler: tokenHandler }),
      ...(scope !== undefined && { scope: scope.join(' ') }),
    },
    options,
  )
}

function tooLong(length: number): TokenError {
  return new TokenError('token/subject-too-long', `The subject token has ${length} characters as it would be sent.`, {
    hint: `Salesforce reads at most ${LONGEST_SUBJECT}: ask the identity provider for a token with fewer claims.`,
  })
}
