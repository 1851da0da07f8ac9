import { authorizeRefusal, flowDisabled, requireFlow } from '../apps/policy-check.ts'
import { toCallback } from '../authorization/callback.ts'
import { readChallenge, readScopes, readTarget } from '../authorization/request.ts'
import { readVisitor } from '../browser/visitor.ts'
import { readHeadlessUser } from '../headless/user.ts'
import { answerAsJson } from '../http/json-refusal.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { json } from '../http/response-format.ts'
import { newAccessToken } from '../ids.ts'
import type { App, Site } from '../state.ts'
import type { EndpointContext, World } from '../world.ts'

interface Incoming {
  form: URLSearchParams
  app: App
  redirectUri: string
  site: Site
}

/** `response_type=code_credentials`: a login without pages, on sites and for external people only. */
export async function headlessLogin(world: World, context: EndpointContext, form: URLSearchParams): Promise<Response> {
  return answerAsJson(world, context, {
    fault: 'authorize',
    work: async () => {
      const { app, redirectUri } = readTarget(world, form)
      const { site } = context.env.place
      if (!site) throw new OAuthError('invalid_request', 'request not supported on this domain')
      if (!app.enabled) throw flowDisabled()
      return logIn(world, context, { form, app, redirectUri, site })
    },
  })
}

async function logIn(world: World, context: EndpointContext, incoming: Incoming): Promise<Response> {
  const { form, app, redirectUri, site } = incoming
  const { place, address } = context.env
  const isGuest = context.req.header('auth-request-type')?.toLowerCase() === 'guest'
  requireFlow(app, isGuest ? 'guest' : 'codeCredentials')
  const codeChallenge = readChallenge(form, app.pkceRequired || place.org?.pkceRequired === true)
  const scopes = readScopes(form.get('scope')?.replaceAll(',', ' ') ?? null, app)
  const uvid = await readVisitor(world, app, {
    hint: context.req.header('uvid-hint') ?? form.get('uvid_hint'),
    isGuest,
  })
  const user = readHeadlessUser(world, context, { form, app, site })
  const refusal = authorizeRefusal(world, { app, user, address }, place)
  if (refusal) throw refusal

  // Unlike codes of the web server flow these look like access tokens.
  const code = newAccessToken(user.orgId)
  const dpopThumbprint = form.get('dpop_jkt')
  world.state.codes.set(code, {
    app,
    user,
    redirectUri,
    scopes,
    issuedAt: world.clock.now(),
    issuer: place.base,
    site,
    used: false,
    ...(codeChallenge !== undefined && { codeChallenge }),
    ...(uvid !== undefined && { uvid }),
    ...(isGuest && { isGuest }),
    ...(dpopThumbprint !== null && { dpopThumbprint }),
  })
  const answer = {
    code,
    sfdc_community_url: place.base,
    sfdc_community_id: site.id,
    ...(form.has('state') && { state: form.get('state') ?? '' }),
  }
  const isBrowser = context.req.header('accept')?.includes('text/html') === true
  return isBrowser
    ? toCallback(context, { uri: redirectUri, mark: '?' }, Object.entries(answer))
    : json(context, answer)
}
