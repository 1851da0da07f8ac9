import { findWaitingDevice } from '../authorization/device-requests.ts'
import { formToken, isFormTokenValid, rememberedUsers, startSession } from '../browser/sessions.ts'
import { readForm } from '../http/form.ts'
import { OAuthError } from '../http/oauth-error.ts'
import { showPage, showRawError, showStaleForm } from '../http/page-answer.ts'
import { loginPage } from '../pages/index.ts'
import type { App, User } from '../state.ts'
import { admitLogin } from '../users/logins.ts'
import { type EndpointContext, findApp, orgOf, serves, type World } from '../world.ts'
import { authorizePath, sitePrefix, withTarget } from './authorize.ts'
import { deviceApprovalPath } from './connect.ts'

const wrongPassword = 'Please check your username and password, and try again.'
const inactive = 'Your access is disabled. Ask an administrator of this org to activate the user.'

/** The login form's target. A wrong password stays on the page. */
export async function login(world: World, context: EndpointContext): Promise<Response> {
  const form = await readForm(context)
  if (!isFormTokenValid(world, context, form.get('token') ?? '')) return showStaleForm(context)
  const request = new URLSearchParams(form.get('request') ?? '')
  const username = (form.get('username') ?? '').trim()
  const user = findVisitor(world, context, username)
  const isRight = user?.password === form.get('password')
  if (!user || !isRight || !user.active) {
    const { place } = context.env
    const app = askingApp(world, request)
    const page = loginPage({
      ...(place.org && { org: place.org }),
      ...(app && { app }),
      username,
      error: user && isRight ? inactive : wrongPassword,
      action: `${sitePrefix(context)}/login`,
      hidden: { request: request.toString(), token: formToken(world, context) },
      rememberedUsers: rememberedUsers(context),
    })
    return showPage(context, page)
  }
  if (!admitLogin(world, user)) return showTooMany(world, context, request)
  startSession(world, context, user)
  return context.redirect(continuation(context, request))
}

/** The app that waits behind the form: one that sent the browser here, or one on a device. */
function askingApp(world: World, request: URLSearchParams): App | undefined {
  const clientId = request.get('client_id')
  return clientId === null ? findWaitingDevice(world, request.get('user_code') ?? '')?.app : findApp(world, clientId)
}

async function showTooMany(world: World, context: EndpointContext, request: URLSearchParams): Promise<Response> {
  const error = new OAuthError('rate_limit_exceeded', 'number of logins exceeded')
  if (!request.has('client_id')) return showRawError(context, error)
  return withTarget(world, { context, params: request }, async () => Promise.reject(error))
}

/** External users belong to one site, everyone else to the org itself. */
function findVisitor(world: World, { env: { place } }: EndpointContext, username: string): User | undefined {
  return world.state.users.find(
    (user) =>
      user.username.toLowerCase() === username.toLowerCase() &&
      serves(place, orgOf(world, user)) &&
      user.site === place.site?.path,
  )
}

/** The authorize request again, without the wish for a login that was just fulfilled. */
function continuation(context: EndpointContext, request: URLSearchParams): string {
  if (!request.has('client_id')) {
    const path = request.has('user_code') ? `${deviceApprovalPath}?${request.toString()}` : '/'
    return sitePrefix(context) + path
  }
  const prompt = (request.get('prompt') ?? '').split(/\s+/).filter((value) => value === 'consent')
  request.delete('prompt')
  if (prompt.length > 0) request.set('prompt', 'consent')
  return `${sitePrefix(context)}${authorizePath}?${request.toString()}`
}
