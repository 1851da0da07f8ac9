import { newDeviceCode, newUserCode } from '../ids.ts'
import type { App, Site, User } from '../state.ts'
import type { World } from '../world.ts'

/** A device that waits for somebody to type its code elsewhere. */
export interface DeviceRequest {
  readonly deviceCode: string
  readonly userCode: string
  readonly app: App
  readonly scopes: readonly string[]
  readonly verificationUri: string
  readonly issuedAt: number
  polledAt?: number
  decision?: 'denied' | DeviceApproval
  used: boolean
}

export interface DeviceApproval {
  readonly user: User
  readonly issuer: string
  readonly site?: Site
}

const lifetime = 10 * 60_000

export function addDeviceRequest(
  world: World,
  given: Pick<DeviceRequest, 'app' | 'scopes' | 'verificationUri'>,
): DeviceRequest {
  const userCode = newUserCode()
  const deviceCode = newDeviceCode(given.app.clientId, userCode)
  const request: DeviceRequest = { ...given, userCode, deviceCode, issuedAt: world.clock.now(), used: false }
  world.state.devices.set(deviceCode, request)
  return request
}

export function isDeviceOver(world: World, request: DeviceRequest): boolean {
  return request.used || world.clock.now() - request.issuedAt > lifetime
}

/** By the code a person types: case, blanks and hyphens do not matter. */
export function findWaitingDevice(world: World, typed: string): DeviceRequest | undefined {
  const code = typed.replaceAll(/[\s-]+/g, '').toUpperCase()
  return [...world.state.devices.values()].find(
    (one) => one.userCode === code && one.decision === undefined && !isDeviceOver(world, one),
  )
}
