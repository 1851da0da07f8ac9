import { addApproval } from '../authorization/approvals.ts'
import { type AuthorizationRequest, requireUserAgentFlow } from '../authorization/request.ts'
import type { Place } from '../http/hosts.ts'
import type { User } from '../state.ts'
import { createTokenAnswer, type TokenAnswer, without } from '../tokens/answer.ts'
import { issuerAt, orgOf, type World } from '../world.ts'

interface UserAgentLogin {
  request: AuthorizationRequest
  user: User
  place: Place
  address: string
}

/**
 * The tokens themselves, for the fragment of the callback; `hybrid_token` adds what web pages need. An authorize request
 * brings no proof, so they are never bound: no use to an app that requires DPoP.
 */
export async function issueTokens(
  world: World,
  { request, user, place, address }: UserAgentLogin,
): Promise<TokenAnswer> {
  const { app, responseType, redirectUri, scopes, nonce, state } = request
  requireUserAgentFlow(orgOf(world, user))
  const approval = addApproval(world, {
    userId: user.id,
    username: user.username,
    orgId: user.orgId,
    clientId: app.clientId,
    scopes,
    issuer: issuerAt(world, place, user),
    ...(place.site && { site: place.site }),
  })
  const answer = await createTokenAnswer(world, approval, {
    refreshToken: mayHoldRefreshToken(world, redirectUri),
    idToken: responseType === 'token id_token',
    ...(nonce !== undefined && { nonce }),
    ...(responseType === 'hybrid_token' && { hybridFor: address }),
  })
  return { ...without(answer, ['api_instance_url']), ...(state !== undefined && { state }) }
}

/** Native apps and Salesforce's own success page get one; pages on the web do not. */
function mayHoldRefreshToken({ hosts, state }: World, redirectUri: string): boolean {
  const url = new URL(redirectUri)
  if (!/^https?:$/.test(url.protocol)) return true
  return hosts.find(url, state.orgs)?.path === '/services/oauth2/success'
}
