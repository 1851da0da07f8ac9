import type { Place } from '../hosts.ts'
import type { TokenAnswer } from '../token-answer.ts'
import type { World } from '../world.ts'

export interface GrantRequest {
  place: Place
  /** The caller's IP address. */
  address: string
  form: URLSearchParams
  authorization: string | undefined
}

/** One way to get tokens: a file of this folder exports these three. */
export interface Grant {
  grantType: string
  /** Without one of these the request is refused. */
  parameters: readonly string[]
  /** @throws {OAuthError} in Salesforce's words */
  handle: (world: World, request: GrantRequest) => Promise<TokenAnswer>
}
