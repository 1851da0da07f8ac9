import { isPreApproved } from '../apps/policies.ts'
import { authorizeRefusal } from '../apps/policy-check.ts'
import { approvalsOf, isPersonal } from '../authorization/approvals.ts'
import { type Callback, toCallback } from '../authorization/callback.ts'
import { type AuthorizationRequest, readRequest, readTarget, wantsTokens } from '../authorization/request.ts'
import { formToken, rememberedUsers, sessionUser } from '../browser/sessions.ts'
import { issueTokens } from '../grants/user-agent.ts'
import { readForm } from '../http/form.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { showPage, showRawError } from '../http/page-answer.ts'
import { newAuthorizationCode } from '../ids.ts'
import { approvalPage, loginPage } from '../pages/index.ts'
import { type App, type User, userName } from '../state.ts'
import { includesScope, inServerOrder } from '../tokens/scopes.ts'
import { type EndpointContext, issuerAt, orgOf, type World } from '../world.ts'
import { headlessLogin } from './headless-login.ts'

export const authorizePath = '/services/oauth2/authorize'

/** Shows what a person must see next: the login form, the approval form, or the app's callback. */
export async function authorize(world: World, context: EndpointContext): Promise<Response> {
  if (context.req.method !== 'GET') {
    const form = await readForm(context)
    if (form.get('response_type') === 'code_credentials') return headlessLogin(world, context, form)
    return showRawError(context, new OAuthError('invalid_request', 'must use HTTP GET'))
  }
  const params = new URL(context.req.url).searchParams
  return withTarget(world, { context, params }, (target) =>
    world.faults.run(['authorize'], {
      work: async () => nextStep(world, context, { params, request: readRequest(params, target, context.env.place) }),
      refuse: (error) => {
        throw error
      },
    }),
  )
}

interface Incoming {
  context: EndpointContext
  params: URLSearchParams
}

type Target = { app: App; redirectUri: string }

/** Delivers refusals: as bare text until the callback is known to be the app's, to the callback from then on. */
export async function withTarget(
  world: World,
  { context, params }: Incoming,
  work: (target: Target) => Promise<Response>,
): Promise<Response> {
  let target: Target | undefined
  try {
    target = readTarget(world, params)
    return await work(target)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    if (!target) return showRawError(context, error)
    context.env.note.error = error.code
    const callback = { uri: target.redirectUri, mark: errorMark(world, target.app, params) }
    return toCallback(context, callback, [...error.toForm(), ...stateParam(params)])
  }
}

interface Step {
  params: URLSearchParams
  request: AuthorizationRequest
}

async function nextStep(world: World, context: EndpointContext, { params, request }: Step): Promise<Response> {
  // Making the key takes seconds; the person at the form will not notice.
  if (request.scopes.includes('openid')) void world.keys.release()
  const user = sessionUser(world, context)
  const mustLogIn = request.prompt.includes('login') || request.prompt.includes('select_account')
  if (request.immediate && (!user || mustLogIn || context.env.place.site)) throw immediateUnsuccessful()
  if (!user || mustLogIn) return showLogin(world, context, { params, request })

  const { app } = request
  const refusal = authorizeRefusal(world, { app, user, address: context.env.address }, context.env.place)
  if (refusal) throw refusal
  if (!needsApproval(world, request, user)) return finish(world, context, { request, user })
  if (request.immediate) throw immediateUnsuccessful()
  return showPage(
    context,
    approvalPage({
      org: orgOf(world, user),
      app,
      user: { name: userName(user), username: user.username },
      scopes: inServerOrder(request.scopes),
      action: `${sitePrefix(context)}/approve`,
      hidden: { request: params.toString(), token: formToken(world, context) },
    }),
  )
}

function immediateUnsuccessful(): OAuthError {
  return new OAuthError('immediate_unsuccessful', 'immediate unsuccessful')
}

function needsApproval(world: World, { app, prompt, scopes }: AuthorizationRequest, user: User): boolean {
  if (app.permittedUsers === 'adminApproved' && isPreApproved(app, user)) return false
  if (prompt.includes('consent')) return true
  const isCovered = (granted: readonly string[]): boolean => scopes.every((scope) => includesScope(granted, scope))
  return !approvalsOf(world, user.id, app.clientId).some((one) => isPersonal(one) && isCovered(one.scopes))
}

function showLogin(world: World, context: EndpointContext, { params, request }: Step): Response {
  const { place } = context.env
  const wantsChooser = request.prompt.includes('select_account')
  const usesHint = !place.site || request.prompt.includes('login')
  const remembered = rememberedUsers(context)
  return showPage(
    context,
    loginPage({
      ...(place.org && { org: place.org }),
      app: request.app,
      username: usesHint ? request.loginHint : '',
      action: `${sitePrefix(context)}/login`,
      hidden: { request: params.toString(), token: formToken(world, context) },
      rememberedUsers: wantsChooser || request.loginHint === '' ? remembered : [],
    }),
  )
}

/** Sends the browser back to the app with what it asked for. */
export async function finish(
  world: World,
  context: EndpointContext,
  { request, user }: { request: AuthorizationRequest; user: User },
): Promise<Response> {
  if (request.responseType === 'code') return issueCode(world, context, { request, user })
  const { place, address } = context.env
  const answer = await issueTokens(world, { request, user, place, address })
  return toCallback(context, { uri: request.redirectUri, mark: '#' }, Object.entries(answer))
}

function issueCode(
  world: World,
  context: EndpointContext,
  { request, user }: { request: AuthorizationRequest; user: User },
): Response {
  const { place } = context.env
  const { app, redirectUri, scopes, nonce, codeChallenge, dpopThumbprint, state } = request
  const org = orgOf(world, user)
  const value = newAuthorizationCode()
  world.state.codes.set(value, {
    app,
    user,
    redirectUri,
    scopes,
    issuedAt: world.clock.now(),
    issuer: issuerAt(world, place, user),
    used: false,
    ...(nonce !== undefined && { nonce }),
    ...(codeChallenge !== undefined && { codeChallenge }),
    ...(dpopThumbprint !== undefined && { dpopThumbprint }),
    ...(place.site && { site: place.site }),
  })
  const community = place.site && {
    sfdc_community_url: world.hosts.siteUrl(org.id, place.site),
    sfdc_community_id: place.site.id,
  }
  const answer = { code: value, ...(state !== undefined && { state }), ...community }
  return toCallback(context, { uri: redirectUri, mark: '?' }, Object.entries(answer))
}

/** The user-agent flow's errors stand in the fragment, or in the query, whichever the app's org is set to. */
function errorMark(world: World, app: App, params: URLSearchParams): Callback['mark'] {
  return wantsTokens(params) && orgOf(world, app).userAgentErrors === 'fragment' ? '#' : '?'
}

function stateParam(params: URLSearchParams): string[][] {
  const state = params.get('state')
  return state === null ? [] : [['state', state]]
}

export function sitePrefix({ env: { place } }: EndpointContext): string {
  return place.site ? `/${place.site.path}` : ''
}
