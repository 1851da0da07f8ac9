import type { Place } from '../http/hosts.ts'
import type { TokenAnswer } from '../tokens/answer.ts'
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
  /** Whether `scope` may narrow what the app has; elsewhere it is refused. */
  takesScope?: true
  /** Tells grants apart that share a grant type; the first that wants a request gets it. */
  wants?: (form: URLSearchParams) => boolean
  /** @throws {OAuthError} in Salesforce's words */
  handle: (world: World, request: GrantRequest) => Promise<TokenAnswer>
}
