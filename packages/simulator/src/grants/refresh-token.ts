import { admitClient } from '../apps/admit-client.ts'
import { requireUse } from '../apps/policy-check.ts'
import { endApproval } from '../authorization/approvals.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { createTokenAnswer, type TokenAnswer, type TokenAnswerOptions } from '../tokens/answer.ts'
import { stateOf } from '../tokens/tokens.ts'
import { findUser, orgOf, serves, type World } from '../world.ts'
import type { GrantRequest } from './grant.ts'

export const grantType = 'refresh_token'
export const parameters: readonly string[] = ['refresh_token']

export async function handle(world: World, request: GrantRequest): Promise<TokenAnswer> {
  return spend(world, request, {})
}

/** The grant itself; the hybrid one adds members for `hybridFor`, the caller's address. */
export async function spend(
  world: World,
  request: GrantRequest,
  options: Pick<TokenAnswerOptions, 'hybridFor'>,
): Promise<TokenAnswer> {
  const { form, place, address } = request
  const app = await admitClient(world, request, {
    flow: 'refreshToken',
    needsSecret: (one) => one.secretRequiredForRefresh,
    isHybrid: options.hybridFor !== undefined,
  })
  const token = world.state.tokens.get(form.get('refresh_token') ?? '')
  const user = token && findUser(world, token.approval.userId)
  const isOwn = token?.kind === 'refresh' && token.approval.clientId === app.clientId
  if (!isOwn || !user || !serves(place, orgOf(world, user))) throw dead()

  const state = stateOf(world, token.value)
  // Somebody else may hold the successor: the whole family ends.
  if (state === 'rotated') endApproval(world, token.approval.id)
  if (state !== 'active' || app.blocked) throw dead()
  requireUse(world, { app, user, address })

  token.lastUsedAt = world.clock.now()
  token.approval.lastUsedAt = token.lastUsedAt
  token.approval.useCount += 1
  if (app.refreshTokenRotation) token.end = 'rotated'
  return createTokenAnswer(world, token.approval, { ...options, refreshToken: app.refreshTokenRotation })
}

function dead(): OAuthError {
  return new OAuthError('invalid_grant', 'expired access/refresh token')
}
