import { readForm } from '../http/form.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { jsonp } from '../http/response-format.ts'
import { revoke as revokeToken, stateOf } from '../tokens/tokens.ts'
import { type EndpointContext, orgOf, serves, type World } from '../world.ts'

/** Takes the token alone, by POST or GET; errors come form-encoded, or as JSONP when a callback is named. */
export async function revoke(world: World, context: EndpointContext): Promise<Response> {
  const form = await readForm(context)
  const callback = form.get('callback')
  const script = (value: unknown): Response | undefined => (callback === null ? undefined : jsonp(callback, value))
  const refuse = (error: OAuthError): Response => {
    context.env.note.error = error.code
    const asScript = script({ error: error.code })
    if (asScript) return asScript
    const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8', 'cache-control': 'no-store' }
    return new Response(error.toForm().toString(), { status: 400, headers })
  }
  try {
    return await world.faults.run(['revoke'], {
      work: async () => {
        revokeValue(world, context, form.get('token') ?? '')
        return script({}) ?? new Response(null, { headers: { 'cache-control': 'no-store' } })
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
