import { identifyClient } from '../client-authentication.ts'
import { requireHybrid } from '../hybrid-members.ts'
import { requireFlow } from '../policy-check.ts'
import type { TokenAnswer } from '../token-answer.ts'
import type { World } from '../world.ts'
import type { GrantRequest } from './grant.ts'
import { spend } from './refresh-token.ts'

export const grantType = 'hybrid_refresh'
export const parameters: readonly string[] = ['refresh_token']

export async function handle(world: World, request: GrantRequest): Promise<TokenAnswer> {
  const app = identifyClient(world, request)
  requireFlow(app, 'hybrid')
  requireHybrid(app)
  return spend(world, request, { hybridFor: request.address })
}
