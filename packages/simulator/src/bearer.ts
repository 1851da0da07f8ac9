import type { TokenRecord } from './tokens.ts'
import { findLive, slide } from './tokens.ts'
import type { User } from './state.ts'
import { type EndpointContext, orgOf, serves, type World } from './world.ts'

export interface Bearer {
  token: TokenRecord
  user: User
}

/** The live access token of a call to userinfo or an identity URL, or why there is none, in Salesforce's words. */
export function findBearer(
  world: World,
  context: EndpointContext,
  form: URLSearchParams,
): Bearer | 'Missing_OAuth_Token' | 'Bad_OAuth_Token' {
  const header = context.req.header('authorization')
  const [, fromHeader] = /^(?:Bearer|OAuth) +(\S+)$/i.exec(header ?? '') ?? []
  const value = fromHeader ?? form.get('oauth_token') ?? form.get('access_token')
  if (value === null) return header === undefined ? 'Missing_OAuth_Token' : 'Bad_OAuth_Token'
  const live = findLive(world, value)
  if (live?.token.kind !== 'access' || !serves(context.env.place, orgOf(world, live.user))) return 'Bad_OAuth_Token'
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
