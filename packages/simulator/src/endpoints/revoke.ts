import { readForm } from '../form.ts'
import { OAuthError } from '../oauth-error.ts'
import { revoke as revokeToken, stateOf } from '../tokens.ts'
import { type EndpointContext, orgOf, serves, type World } from '../world.ts'

/** Takes the token alone, by POST or GET; errors come form-encoded, or as JSONP when a callback is named. */
export async function revoke(world: World, context: EndpointContext): Promise<Response> {
  const form = await readForm(context)
  const callback = form.get('callback')
  const refuse = (error: OAuthError): Response => {
    context.env.note.error = error.code
    if (callback !== null) return jsonp(callback, { error: error.code })
    const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8', 'cache-control': 'no-store' }
    return new Response(error.toForm().toString(), { status: 400, headers })
  }
  try {
    return await world.faults.run(['revoke'], {
      work: async () => {
        revokeValue(world, context, form.get('token') ?? '')
        return callback === null
          ? new Response(null, { headers: { 'cache-control': 'no-store' } })
          : jsonp(callback, {})
      },
      refuse,
    })
  } catch (error) {
    if (error instanceof OAuthError) return refuse(error)
    throw error
  }
}

function revokeValue(world: World, { env: { place } }: EndpointContext, value: string): void {
  const token = world.state.tokens.get(value)
  // Salesforce repeats the token here: a client that logs this description leaks it.
  if (!token) throw new OAuthError('unsupported_token_type', `invalid token: ${value}`)
  if (stateOf(world, value) !== 'active' || !serves(place, orgOf(world, token.approval))) {
    throw new OAuthError('invalid_token', 'invalid token')
  }
  revokeToken(world, token)
}

function jsonp(callback: string, value: unknown): Response {
  if (!/^[\w$.]{1,100}$/.test(callback)) return new Response('Invalid_Callback', { status: 400 })
  const headers = { 'content-type': 'text/javascript;charset=UTF-8', 'x-content-type-options': 'nosniff' }
  return new Response(`${callback}(${JSON.stringify(value)})`, { headers })
}
