import { authenticateClient } from '../apps/client-authentication.ts'
import { readForm } from '../http/form.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { json } from '../http/response-format.ts'
import type { App } from '../state.ts'
import { lastMoment } from '../tokens/refresh-policy.ts'
import { inServerOrder } from '../tokens/scopes.ts'
import { findLive, type TokenRecord } from '../tokens/tokens.ts'
import { type EndpointContext, findApp, identityUrl, orgOf, serves, type World } from '../world.ts'

/** Tells an app about its own tokens; anything else is merely inactive. Asking does not prolong a session. */
export async function introspect(world: World, context: EndpointContext): Promise<Response> {
  const form = await readForm(context)
  const refuse = (error: OAuthError): Response => {
    context.env.note.error = error.code
    return json(context, { error: error.code, error_description: error.description }, 400)
  }
  try {
    return await world.faults.run(['introspect'], {
      work: async () => {
        const authorization = context.req.header('authorization')
        const request = { place: context.env.place, form, authorization }
        const app = await authenticateClient(world, request, (one) => one.secretRequired)
        const value = form.get('token')
        if (!value) throw new OAuthError('invalid_request', 'missing required parameter: token')
        return json(context, describe(world, context, { app, value }))
      },
      refuse,
    })
  } catch (error) {
    if (error instanceof OAuthError) return refuse(error)
    throw error
  }
}

function describe(
  world: World,
  { env: { place } }: EndpointContext,
  { app, value }: { app: App; value: string },
): Record<string, unknown> {
  const live = findLive(world, value)
  const owner = live && findApp(world, live.token.approval.clientId)
  // An app also sees the tokens of those that it registered, and one that sees all, those of its own org.
  const isOwn = owner?.clientId === app.clientId || owner?.parentClientId === app.clientId
  const isVisible = live && (isOwn || (app.introspectAllTokens && app.orgId === live.user.orgId))
  if (!isVisible || !serves(place, orgOf(world, live.user))) return { active: false }
  const { token, user } = live
  const exp = endOf(world, token)
  return {
    active: true,
    scope: inServerOrder(token.approval.scopes).join(' '),
    client_id: token.approval.clientId,
    username: user.username,
    sub: identityUrl(world, user),
    token_type: `${token.kind}_token`,
    ...(Number.isFinite(exp) && { exp: seconds(exp) }),
    iat: seconds(token.issuedAt),
    nbf: seconds(token.issuedAt),
  }
}

function endOf(world: World, token: TokenRecord): number {
  if (token.kind === 'access') return token.expiresAt
  const app = findApp(world, token.approval.clientId)
  return app ? lastMoment(app.refreshTokenPolicy, token) : Number.NaN
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}
