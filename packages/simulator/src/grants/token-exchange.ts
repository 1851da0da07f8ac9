import { admitClient } from '../apps/admit-client.ts'
import { requireUse } from '../apps/policy-check.ts'
import { addApproval, type Approval, standingApproval } from '../authorization/approvals.ts'
import { notApproved } from '../authorization/pre-approval.ts'
import { readScopes } from '../authorization/request.ts'
import { OAuthError } from '../http/oauth-error.ts'
import type { App, User } from '../state.ts'
import { createTokenAnswer, type TokenAnswer, type TokenAnswerOptions } from '../tokens/answer.ts'
import { isOffline } from '../tokens/scopes.ts'
import {
  subjectTokenKinds,
  type SubjectTokenKind,
  type TokenExchangeHandler,
} from '../tokens/token-exchange-handler.ts'
import { subjectOf } from '../tokens/token-exchange-subject.ts'
import { countLogin } from '../users/logins.ts'
import type { World } from '../world.ts'
import type { GrantRequest } from './grant.ts'

export const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const parameters: readonly string[] = ['subject_token', 'subject_token_type']
export const takesScope = true

const kindPrefix = 'urn:ietf:params:oauth:token-type:'
const longestToken = 10_000

export async function handle(world: World, request: GrantRequest): Promise<TokenAnswer> {
  return exchange(world, request, {})
}

/** The grant itself; the hybrid one adds members for `hybridFor`, the caller's address. */
export async function exchange(
  world: World,
  request: GrantRequest,
  options: Pick<TokenAnswerOptions, 'hybridFor'>,
): Promise<TokenAnswer> {
  const { place, form, address } = request
  if (!place.org) throw new OAuthError('invalid_grant', 'request not supported on this domain')
  const app = await admitClient(world, request, {
    flow: 'tokenExchange',
    needsSecret: (one) => one.secretRequiredForTokenExchange,
  })
  const token = form.get('subject_token') ?? ''
  const kind = readKind(form.get('subject_token_type') ?? '')
  if (token.length > longestToken) throw new OAuthError('invalid_request', 'subject token is too long')
  const scopes = readScopes(form.get('scope'), app)
  const handler = findHandler(app, form.get('token_handler'))
  const user = await subjectOf(world, { token, kind, handler, place })
  if (!user) throw new OAuthError('invalid_request', handler.errorMessage ?? 'token handler validation failed')
  // Nobody is there to approve anything, so approving for oneself does not help.
  if (app.permittedUsers !== 'adminApproved') throw notApproved()
  requireUse(world, { app, user, address })
  countLogin(world, user)
  const approval = approve(world, request, { app, user, scopes })
  return createTokenAnswer(world, approval, { ...options, refreshToken: true })
}

function readKind(type: string): SubjectTokenKind {
  const name = type.toLowerCase().startsWith(kindPrefix) ? type.slice(kindPrefix.length).toLowerCase() : ''
  const kind = subjectTokenKinds.find((one) => one === name)
  if (!kind) throw new OAuthError('invalid_request', 'subject token type not supported')
  return kind
}

function findHandler({ tokenExchangeHandlers }: App, name: string | null): TokenExchangeHandler {
  const handler = tokenExchangeHandlers.find((one) => one.enabled !== false && (name === null || one.name === name))
  if (!handler) throw new OAuthError('invalid_request', 'token handler not found')
  return handler
}

/** A refresh token needs a row of its own, which can be revoked. */
function approve(
  world: World,
  { place }: GrantRequest,
  { app, user, scopes }: { app: App; user: User; scopes: readonly string[] },
): Approval {
  const { clientId } = app
  if (!isOffline(scopes)) return standingApproval(world, { clientId, user, scopes, place })
  return addApproval(world, {
    userId: user.id,
    username: user.username,
    orgId: user.orgId,
    clientId,
    scopes,
    issuer: place.base,
    ...(place.site && { site: place.site }),
  })
}
