import { addChallenge, isRightUse } from '../dpop/binding.ts'
import { refuseAsJson } from '../http/json-refusal.ts'
import { OAuthError } from '../http/oauth-error.ts'
import type { User } from '../state.ts'
import { type EndpointContext, orgOf, serves, type World } from '../world.ts'
import { findLive, slide, type TokenRecord } from './tokens.ts'

export interface Bearer {
  token: TokenRecord
  user: User
}

/** The live access token of a call to userinfo or an identity URL, or how Salesforce answers when there is none. */
export async function findBearer(
  world: World,
  context: EndpointContext,
  form: URLSearchParams,
): Promise<Bearer | Response> {
  const header = context.req.header('authorization')
  const [, scheme = 'Bearer', fromHeader] = /^(Bearer|OAuth|DPoP) +(\S+)$/i.exec(header ?? '') ?? []
  const value = fromHeader ?? form.get('oauth_token') ?? form.get('access_token')
  if (value === null) return bareText(context, header === undefined ? 'Missing_OAuth_Token' : 'Bad_OAuth_Token')
  const live = findLive(world, value)
  if (live?.token.kind !== 'access' || !serves(context.env.place, orgOf(world, live.user))) {
    return bareText(context, 'Bad_OAuth_Token')
  }
  const { method, url } = context.req
  try {
    const isRight = await isRightUse(world, live.token, { scheme, proof: context.req.header('dpop'), method, url })
    if (!isRight) return bareText(context, 'Bad_OAuth_Token')
  } catch (error) {
    if (error instanceof OAuthError) return addChallenge(world, refuseAsJson(context, error, 401), error)
    throw error
  }
  slide(world, live.token)
  return live
}

/** Neither JSON nor a 401: a status and one bare word. */
export function bareText(context: EndpointContext, word: string, status = 403): Response {
  context.env.note.error = word
  return new Response(word, {
    status,
    headers: { 'content-type': 'text/html;charset=UTF-8', 'cache-control': 'no-store' },
  })
}
