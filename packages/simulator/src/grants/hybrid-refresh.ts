import type { TokenAnswer } from '../tokens/answer.ts'
import type { World } from '../world.ts'
import type { GrantRequest } from './grant.ts'
import { spend } from './refresh-token.ts'

export const grantType = 'hybrid_refresh'
export const parameters: readonly string[] = ['refresh_token']

export async function handle(world: World, request: GrantRequest): Promise<TokenAnswer> {
  return spend(world, request, { hybridFor: request.address })
}
