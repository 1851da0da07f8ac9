import { identifyClient } from '../client-authentication.ts'
import { requireHybrid } from '../hybrid-members.ts'
import { requireFlow } from '../policy-check.ts'
import type { TokenAnswer } from '../token-answer.ts'
import type { World } from '../world.ts'
import { redeem } from './authorization-code.ts'
import type { GrantRequest } from './grant.ts'

export const grantType = 'hybrid_auth_code'
export const parameters: readonly string[] = ['code']

export async function handle(world: World, request: GrantRequest): Promise<TokenAnswer> {
  const app = identifyClient(world, request)
  requireFlow(app, 'hybrid')
  requireHybrid(app)
  return redeem(world, request, { hybridFor: request.address })
}
