import type { TokenAnswer } from '../tokens/answer.ts'
import type { World } from '../world.ts'
import { redeem } from './authorization-code.ts'
import type { GrantRequest } from './grant.ts'

export const grantType = 'hybrid_auth_code'
export const parameters: readonly string[] = ['code']

export async function handle(world: World, request: GrantRequest): Promise<TokenAnswer> {
  return redeem(world, request, { hybridFor: request.address })
}
