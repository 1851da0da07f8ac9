import { identifyClient, proveClient } from '../apps/client-authentication.ts'
import { notInstalled, requireUse } from '../apps/policy-check.ts'
import { addApproval } from '../authorization/approvals.ts'
import { addDeviceRequest, type DeviceRequest, isDeviceOver } from '../authorization/device-requests.ts'
import { readScopes } from '../authorization/request.ts'
import { OAuthError } from '../http/oauth-error.ts'
import type { App } from '../state.ts'
import { createTokenAnswer, type TokenAnswer } from '../tokens/answer.ts'
import { orgOf, serves, type World } from '../world.ts'
import type { GrantRequest } from './grant.ts'

export const grantType = 'device'
export const parameters: readonly string[] = ['code']

export const verificationPath = '/setup/connect'

/** Timers of clients run a little early. */
const pollSlack = 100

/** Step 1, `response_type=device_code` at the token endpoint: what RFC 8628 calls device authorization. */
export async function startDevice(world: World, request: GrantRequest): Promise<TokenAnswer> {
  const { form, place } = request
  const app = await requireDeviceApp(world, request)
  const scopes = readScopes(form.get('scope'), app)
  const device = addDeviceRequest(world, { app, scopes, verificationUri: `${place.base}${verificationPath}` })
  return {
    device_code: device.deviceCode,
    user_code: device.userCode,
    verification_uri: device.verificationUri,
    interval: app.devicePollInterval / 1000,
  }
}

/** Step 2, the poll. There is no `expired_token`: a code that is over or used cannot be exchanged. */
export async function handle(world: World, request: GrantRequest): Promise<TokenAnswer> {
  const { form, place, address } = request
  const app = await requireDeviceApp(world, request)
  const device = world.state.devices.get(form.get('code') ?? '')
  if (device?.app.clientId !== app.clientId) throw new OAuthError('invalid_request', 'invalid device code')
  if (isDeviceOver(world, device)) throw exchangeFailed()
  const approved = requireDecision(world, device)
  const { user, issuer, site } = approved
  if (!serves(place, orgOf(world, user))) throw exchangeFailed()
  requireUse(world, { app, user, address })
  device.used = true
  const approval = addApproval(world, {
    userId: user.id,
    username: user.username,
    orgId: user.orgId,
    clientId: app.clientId,
    scopes: device.scopes,
    issuer,
    ...(site && { site }),
  })
  return createTokenAnswer(world, approval, { refreshToken: true })
}

function exchangeFailed(): OAuthError {
  return new OAuthError('invalid_grant', 'token exchange failed')
}

/** A client id is enough to begin, but a secret that is sent has to be right. */
async function requireDeviceApp(world: World, request: GrantRequest): Promise<App> {
  const app = identifyClient(world, request)
  if (!app.flows.device) throw new OAuthError('invalid_grant', 'device flow is not enabled for the app')
  await proveClient(world, request, { app, needsSecret: false })
  // Not even those who approved it earlier may use an uninstalled app on a device.
  if (!app.installed) throw notInstalled()
  return app
}

function requireDecision(
  world: World,
  device: DeviceRequest,
): Exclude<DeviceRequest['decision'], 'denied' | undefined> {
  const now = world.clock.now()
  const { decision, polledAt } = device
  device.polledAt = now
  if (decision === 'denied') throw new OAuthError('access_denied', 'end-user denied authorization')
  if (decision) return decision
  if (polledAt !== undefined && now - polledAt < device.app.devicePollInterval - pollSlack) {
    throw new OAuthError('slow_down', 'polling too quickly for the token endpoint.')
  }
  throw new OAuthError('authorization_pending', 'authorization pending')
}
