import { TokenError } from '../errors/errors.ts'
import { noClientAuthentication } from '../oauth/client-authentication.ts'
import { discardAnswer } from '../oauth/discard.ts'
import type { TokenEndpoint } from '../oauth/token-endpoint.ts'

export interface AssetTokenGrant {
  /** A live access token of the person or app that registers the device. */
  accessToken: string
  /** What `actorToken` made. */
  actorToken: string
}

export interface AssetTokenOptions {
  signal?: AbortSignal
}

/** A JWT that a device shows to your own services. It calls no Salesforce API and cannot be renewed. */
export interface AssetToken {
  readonly token: string
  /** Epoch milliseconds. */
  readonly expiresAt?: number
}

/**
 * Registers a device as an Asset and gets the token it identifies itself with. The app needs asset tokens enabled and
 * the scopes `api` and `openid`. Check such a token with `verifyAssetToken`.
 *
 * @throws {OAuthError} `oauth/invalid_grant` when the access token is dead; `oauth/invalid_request` for a wrong actor token.
 * @throws {TokenError} `token/malformed-answer`
 * @throws {TransportError} `net/*`; with `sent` true the Asset may have been created.
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_asset_token_flow_ca.htm
 */
export async function assetToken(
  endpoint: TokenEndpoint,
  grant: AssetTokenGrant,
  options: AssetTokenOptions = {},
): Promise<AssetToken> {
  const parameters = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: grant.accessToken,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    actor_token: grant.actorToken,
    actor_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  }
  const answer = await endpoint.ask(parameters, { ...options, clientAuthentication: noClientAuthentication() })
  const { access_token: token, expires_in: seconds } = answer
  if (typeof token !== 'string' || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
    // An app without asset tokens may have been given usual ones.
    discardAnswer(endpoint, answer)
    throw new TokenError('token/malformed-answer', 'The token endpoint answered something that is no asset token.', {
      hint: 'Enable asset tokens on the app, and check that the login URL is a Salesforce host.',
    })
  }
  const life = typeof seconds === 'string' && seconds !== '' ? Number(seconds) : seconds
  const expiresAt = typeof life === 'number' ? endpoint.client.now() + life * 1000 : Number.NaN
  return { token, ...(Number.isFinite(expiresAt) && { expiresAt }) }
}
