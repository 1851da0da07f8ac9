import { identifyClient } from '../apps/client-authentication.ts'
import { requireFlow } from '../apps/policy-check.ts'
import type { TokenAnswer } from '../tokens/answer.ts'
import type { World } from '../world.ts'
import type { GrantRequest } from './grant.ts'
import { exchange } from './token-exchange.ts'

export const grantType = 'urn:ietf:params:oauth:grant-type:hybrid-token-exchange'
export const parameters: readonly string[] = ['subject_token', 'subject_token_type']
export const takesScope = true

export async function handle(world: World, request: GrantRequest): Promise<TokenAnswer> {
  requireFlow(identifyClient(world, request), 'hybrid')
  return exchange(world, request, { hybridFor: request.address })
}
