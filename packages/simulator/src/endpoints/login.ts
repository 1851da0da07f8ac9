import { endSession, formToken, isFormTokenValid, rememberedUsers, startSession } from '../browser-sessions.ts'
import { findWaitingDevice } from '../device-requests.ts'
import { readForm } from '../form.ts'
import { admitLogin } from '../logins.ts'
import { OAuthError } from '../oauth-error.ts'
import { showError, showPage, showRawError } from '../page-answer.ts'
import { loginPage } from '../pages/index.ts'
import type { App, User } from '../state.ts'
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

/** Ends the browser's session; tokens stay as they are. */
export function logout(world: World, context: EndpointContext): Response {
  endSession(world, context)
  return context.redirect(`${sitePrefix(context)}/`)
}

export function showStaleForm(context: EndpointContext): Response {
  return showError(context, {
    status: 403,
    title: 'This form is out of date',
    message: 'It was not shown in this browser, or cookies are blocked. Go back to the app and start again.',
  })
}

/** The app that waits behind the form: one that sent the browser here, or one on a device. */
function askingApp(world: World, request: URLSearchParams): App | undefined {
  const userCode = request.get('user_code')
  return userCode === null ? findApp(world, request.get('client_id') ?? '') : findWaitingDevice(world, userCode)?.app
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
  if (request.has('user_code')) return `${sitePrefix(context)}${deviceApprovalPath}?${request.toString()}`
  if (!request.has('client_id')) return `${sitePrefix(context)}/`
  const prompt = (request.get('prompt') ?? '').split(/\s+/).filter((value) => value === 'consent')
  request.delete('prompt')
  if (prompt.length > 0) request.set('prompt', 'consent')
  return `${sitePrefix(context)}${authorizePath}?${request.toString()}`
}
