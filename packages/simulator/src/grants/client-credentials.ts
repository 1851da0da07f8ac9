import { identifyClient, proveClient } from '../apps/client-authentication.ts'
import { requireUse } from '../apps/policy-check.ts'
import { standingApproval } from '../authorization/approvals.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { createTokenAnswer, type TokenAnswer } from '../tokens/answer.ts'
import { countLogin } from '../users/logins.ts'
import type { World } from '../world.ts'
import type { GrantRequest } from './grant.ts'

export const grantType = 'client_credentials'
export const parameters: readonly string[] = []

const strippedScopes = ['full', 'web', 'refresh_token', 'offline_access']

/** Acts as the app's Run-As user, on the My Domain only. */
export async function handle(world: World, request: GrantRequest): Promise<TokenAnswer> {
  const { place, address } = request
  if (place.kind !== 'org' && place.kind !== 'instance') refuse('request not supported on this domain')
  const app = identifyClient(world, request)
  if (!app.flows.clientCredentials) refuse('client credentials flow not enabled')
  await proveClient(world, request, { app, needsSecret: true })
  const user = world.state.users.find((one) => one.username === app.runAs && one.orgId === place.org?.id)
  if (!user) return refuse('no client credentials user enabled')
  requireUse(world, { app, user, address })
  const scopes = app.scopes.filter((scope) => !strippedScopes.includes(scope))
  if (scopes.length === 0) refuse('no valid scopes defined')
  countLogin(world, user)
  const approval = standingApproval(world, { clientId: app.clientId, user, scopes, place })
  return createTokenAnswer(world, approval, { refreshToken: false, idToken: false })
}

function refuse(description: string): never {
  throw new OAuthError('invalid_grant', description)
}
