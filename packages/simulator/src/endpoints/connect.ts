import { isKnownIn } from '../apps/policies.ts'
import { authorizeRefusal } from '../apps/policy-check.ts'
import { type DeviceRequest, findWaitingDevice } from '../authorization/device-requests.ts'
import { formToken, isFormTokenValid, rememberedUsers, sessionUser } from '../browser/sessions.ts'
import { verificationPath } from '../grants/device.ts'
import { readForm } from '../http/form.ts'
import { showError, showPage, showStaleForm } from '../http/page-answer.ts'
import { approvalPage, deviceDeniedPage, devicePage, loginPage, successPage } from '../pages/index.ts'
import { type User, userName } from '../state.ts'
import { inServerOrder } from '../tokens/scopes.ts'
import { type EndpointContext, issuerAt, orgOf, type World } from '../world.ts'
import { sitePrefix } from './authorize.ts'

export const deviceApprovalPath: string = `${verificationPath}/approve`

/** Where a person types the code that a device shows; `?user_code=` fills it in. */
export async function connect(world: World, context: EndpointContext): Promise<Response> {
  const form = await readForm(context)
  const userCode = form.get('user_code') ?? ''
  if (context.req.method !== 'POST') return showCodeForm(world, context, { userCode })
  if (!isFormTokenValid(world, context, form.get('token') ?? '')) return showStaleForm(context)
  const device = findDevice(world, context, userCode)
  if (!device) return showCodeForm(world, context, { userCode, isUnknown: true })
  const query = new URLSearchParams({ user_code: device.userCode })
  return context.redirect(`${sitePrefix(context)}${deviceApprovalPath}?${query.toString()}`)
}

/** Login first, then the question; the device hears of the answer when it polls next. */
export async function approveConnect(world: World, context: EndpointContext): Promise<Response> {
  const form = await readForm(context)
  const isDecision = context.req.method === 'POST'
  if (isDecision && !isFormTokenValid(world, context, form.get('token') ?? '')) return showStaleForm(context)
  const userCode = form.get('user_code') ?? ''
  const device = findDevice(world, context, userCode)
  if (!device) return showCodeForm(world, context, { userCode, isUnknown: true })
  const user = sessionUser(world, context)
  if (!user) return showLogin(world, context, device)
  const { place, address } = context.env
  const refusal = authorizeRefusal(world, { app: device.app, user, address }, place)
  if (refusal) {
    context.env.note.error = refusal.code
    const message = 'A policy keeps this device from being connected.'
    return showError(context, { status: 403, title: 'Not allowed', message, detail: refusal.toForm().toString() })
  }
  if (!isDecision) return showQuestion(world, context, { device, user })
  if (form.get('decision') !== 'allow') {
    device.decision = 'denied'
    return showPage(context, deviceDeniedPage())
  }
  device.decision = { user, issuer: issuerAt(world, place, user), ...(place.site && { site: place.site }) }
  return showPage(context, successPage())
}

function findDevice(world: World, context: EndpointContext, userCode: string): DeviceRequest | undefined {
  const device = findWaitingDevice(world, userCode)
  return device && isKnownIn(device.app, context.env.place.org) ? device : undefined
}

function showCodeForm(
  world: World,
  context: EndpointContext,
  { userCode, isUnknown = false }: { userCode: string; isUnknown?: boolean },
): Response {
  const page = devicePage({
    userCode,
    ...(isUnknown && { error: 'No device waits for this code. Codes live ten minutes and work once.' }),
    action: `${sitePrefix(context)}${verificationPath}`,
    hidden: { token: formToken(world, context) },
  })
  return showPage(context, page)
}

function showLogin(world: World, context: EndpointContext, { app, userCode }: DeviceRequest): Response {
  const { place } = context.env
  const page = loginPage({
    ...(place.org && { org: place.org }),
    app,
    action: `${sitePrefix(context)}/login`,
    hidden: { request: `user_code=${userCode}`, token: formToken(world, context) },
    rememberedUsers: rememberedUsers(context),
  })
  return showPage(context, page)
}

function showQuestion(
  world: World,
  context: EndpointContext,
  { device: { app, scopes, userCode }, user }: { device: DeviceRequest; user: User },
): Response {
  const page = approvalPage({
    org: orgOf(world, user),
    app,
    user: { name: userName(user), username: user.username },
    scopes: inServerOrder(scopes),
    userCode,
    action: `${sitePrefix(context)}${deviceApprovalPath}`,
    hidden: { user_code: userCode, token: formToken(world, context) },
  })
  return showPage(context, page)
}
