import type { TokenAnswer } from '../token-answer.ts'
import type { World } from '../world.ts'
import { spend } from './refresh-token.ts'
import type { GrantRequest } from './grant.ts'

export const grantType = 'hybrid_refresh'
export const parameters: readonly string[] = ['refresh_token']

export async function handle(world: World, request: GrantRequest): Promise<TokenAnswer> {
  return spend(world, request, { hybridFor: request.address })
}
