import { createHash } from 'node:crypto'
import { admitClient } from '../apps/admit-client.ts'
import { requireUse } from '../apps/policy-check.ts'
import { addApproval } from '../authorization/approvals.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { createTokenAnswer, type TokenAnswer, type TokenAnswerOptions } from '../tokens/answer.ts'
import { type AuthorizationCode, isCodeExpired } from '../tokens/tokens.ts'
import { orgOf, serves, type World } from '../world.ts'
import type { GrantRequest } from './grant.ts'

export const grantType = 'authorization_code'
export const parameters: readonly string[] = ['code']

export async function handle(world: World, request: GrantRequest): Promise<TokenAnswer> {
  return redeem(world, request, {})
}

/** The grant itself; the hybrid one adds members for `hybridFor`, the caller's address. */
export async function redeem(
  world: World,
  request: GrantRequest,
  options: Pick<TokenAnswerOptions, 'hybridFor'>,
): Promise<TokenAnswer> {
  const { form, place, address } = request
  const app = await admitClient(world, request, {
    flow: 'webServer',
    needsSecret: (one) => one.secretRequired,
    isHybrid: options.hybridFor !== undefined,
  })
  const code = world.state.codes.get(form.get('code') ?? '')
  const isOwn = code?.app.clientId === app.clientId && serves(place, orgOf(world, code.user))
  // What was issued on a site is redeemed on that site.
  if (!isOwn || (code.site && code.site.path !== place.site?.path)) {
    throw new OAuthError('invalid_grant', 'invalid authorization code')
  }
  if (isCodeExpired(world, code)) throw new OAuthError('invalid_grant', 'expired authorization code')
  checkRedirect(code, form)
  checkVerifier(code, form)
  requireUse(world, { app, user: code.user, address })
  code.used = true
  const { user, scopes, issuer, site, uvid, isGuest = false } = code
  const approval = addApproval(world, {
    userId: user.id,
    username: user.username,
    orgId: user.orgId,
    clientId: app.clientId,
    scopes,
    issuer,
    ...(site && { site }),
    ...(uvid !== undefined && { uvid }),
    // All guests of a site share one user: they must not push each other out.
    ...(isGuest && { standing: true }),
  })
  return createTokenAnswer(world, approval, {
    ...options,
    refreshToken: !isGuest,
    idToken: !isGuest,
    ...(code.nonce !== undefined && { nonce: code.nonce }),
  })
}

function checkRedirect(code: AuthorizationCode, form: URLSearchParams): void {
  const given = form.get('redirect_uri')
  if (given === null) throw new OAuthError('redirect_uri_missing', 'redirect_uri not provided')
  if (given !== code.redirectUri) {
    throw new OAuthError('redirect_uri_mismatch', 'redirect_uri must match configuration')
  }
}

function checkVerifier(code: AuthorizationCode, form: URLSearchParams): void {
  const verifier = form.get('code_verifier')
  if (code.codeChallenge === undefined) {
    if (verifier !== null) throw new OAuthError('invalid_request', 'code verifier without a code challenge')
    return
  }
  if (verifier === null) throw new OAuthError('invalid_grant', 'missing required code verifier')
  if (createHash('sha256').update(verifier).digest('base64url') !== code.codeChallenge) {
    throw new OAuthError('invalid_request', 'invalid code verifier')
  }
}
