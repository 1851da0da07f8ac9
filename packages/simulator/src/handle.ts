import { approvalsOf } from './authorization/approvals.ts'
import { findWaitingDevice } from './authorization/device-requests.ts'
import { approveDevice, signIn } from './browser/sign-in.ts'
import {
  endSessions,
  moveInstance,
  requireApp,
  requireOrg,
  requireUser,
  reset,
  updateApp,
  updateOrg,
  updateUser,
} from './control/administration.ts'
import { lastOtp } from './headless/verifications.ts'
import type { Router } from './http/router.ts'
import type { SimulatedOrg, Simulator } from './simulator-types.ts'
import type { Org } from './state.ts'
import { stateOf } from './tokens/tokens.ts'
import { orgOf, serves, type World } from './world.ts'

interface Handles {
  router: Router
  close: () => Promise<void>
}

const localAddress = '127.0.0.1'

/** The object that tests and tools hold in their hands. */
export function createHandle(world: World, { router, close }: Handles): Simulator {
  const fetch = async (request: Request): Promise<Response> => router(request, localAddress)
  const { hosts, clock, faults, log } = world
  const browser = {
    fetch,
    isOurs: (url: URL) => hosts.find(url, world.state.orgs) !== undefined,
    findPassword: (username: string | undefined, url: URL) => findVisitor(world, username, url),
  }

  return {
    loginUrl: hosts.loginUrl,
    sandboxLoginUrl: hosts.sandboxLoginUrl,
    clock,
    faults,
    requests: log.lines,
    fetch,
    close,
    get orgs() {
      return world.state.orgs.map((org) => describeOrg(world, org))
    },
    org: (nameOrId) => describeOrg(world, requireOrg(world, nameOrId)),
    app: (labelOrClientId) => requireApp(world, labelOrClientId),
    updateApp: (clientId, changes) => updateApp(world, clientId, changes),
    updateUser: (username, changes) => updateUser(world, username, changes),
    updateOrg: (nameOrId, changes) => updateOrg(world, nameOrId, changes),
    moveInstance: async (orgNameOrId) => moveInstance(world, orgNameOrId),
    expireAccessTokens: (username) => endSessions(world, username),
    lastOtp: (username) => lastOtp(world, username),
    tokenState: (token) => stateOf(world, token),
    approvals: (username, clientId) => {
      const rows = approvalsOf(world, requireUser(world, username).id, clientId)
      return rows.map((approval) => ({ ...approval }))
    },
    signIn: async (authorizeUrl, options) => signIn(browser, new URL(authorizeUrl), options),
    approveDevice: async (userCode, options) => {
      const device = findWaitingDevice(world, userCode)
      if (!device) throw new RangeError(`No device waits for the code ${userCode}.`)
      await approveDevice(browser, device, options)
    },
    reset: () => reset(world),
  }
}

function describeOrg({ hosts }: World, org: Org): SimulatedOrg {
  return {
    id: org.id,
    name: org.name,
    kind: org.kind,
    url: hosts.orgUrl(org.id),
    get instanceUrl() {
      return hosts.instanceUrl(org.id)
    },
    sites: org.sites.map((site) => ({ name: site.name, url: hosts.siteUrl(org.id, site) })),
  }
}

/** Whom signIn logs in as when it was not told: the first who belongs at that place. */
function findVisitor(world: World, username: string | undefined, url: URL): { username: string; password: string } {
  if (username !== undefined) {
    const known = world.state.users.find((user) => user.username === username)
    return { username, password: known?.password ?? '' }
  }
  const place = world.hosts.find(url, world.state.orgs)
  const user = world.state.users.find(
    (one) => place && serves(place, orgOf(world, one)) && one.site === place.site?.path,
  )
  if (!user) throw new RangeError(`No seeded user can log in at ${url.origin}.`)
  return user
}
