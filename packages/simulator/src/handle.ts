import { approvalsOf, endApprovals } from './approvals.ts'
import type { Router } from './router.ts'
import { signIn } from './sign-in.ts'
import type { SimulatedOrg, Simulator } from './simulator-types.ts'
import type { App, Org, State, User } from './state.ts'
import { expireAccessTokens, stateOf } from './tokens.ts'
import { orgOf, serves, type World } from './world.ts'

interface Handles {
  router: Router
  freshState: () => State
  openInstance: (org: Org) => Promise<string>
  close: () => Promise<void>
}

const localAddress = '127.0.0.1'

/** The object that tests and tools hold in their hands. */
export function createHandle(world: World, { router, freshState, openInstance, close }: Handles): Simulator {
  const fetch = async (request: Request): Promise<Response> => router(request, localAddress)
  const { hosts, clock, faults, log } = world

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
    org: (nameOrId) => describeOrg(world, findOrg(world, nameOrId)),
    app: (labelOrClientId) => findSimulatedApp(world, labelOrClientId),
    updateApp(clientId, changes) {
      const app = findSimulatedApp(world, clientId)
      const hasNewSecret = changes.clientSecret !== undefined && changes.clientSecret !== app.clientSecret
      if (hasNewSecret) endApprovals(world, (approval) => approval.clientId === app.clientId)
      Object.assign(app, changes, changes.flows && { flows: { ...app.flows, ...changes.flows } })
    },
    updateUser(username, changes) {
      Object.assign(findByUsername(world, username), changes, { modifiedAt: clock.now() })
    },
    async moveInstance(orgNameOrId) {
      const org = findOrg(world, orgNameOrId)
      const origin = await openInstance(org)
      hosts.moveInstance(org.id, origin)
      return origin
    },
    expireAccessTokens: (username) => expireAccessTokens(world, username),
    tokenState: (token) => stateOf(world, token),
    approvals: (username, clientId) => approvalsOf(world, findByUsername(world, username).id, clientId),
    signIn: async (authorizeUrl, options) =>
      signIn(
        {
          fetch,
          isOurs: (url) => hosts.find(url, world.state.orgs) !== undefined,
          findPassword: (username, url) => findVisitor(world, username, url),
        },
        new URL(authorizeUrl),
        options,
      ),
    reset() {
      clock.reset()
      faults.clear()
      log.clear()
      hosts.reset()
      world.state = freshState()
    },
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

function findOrg({ state: { orgs } }: World, nameOrId: string | undefined): Org {
  const org = nameOrId === undefined ? orgs[0] : orgs.find(({ id, name }) => id === nameOrId || name === nameOrId)
  if (!org) throw new RangeError(`There is no org "${nameOrId}". Seeded: ${orgs.map(({ name }) => name).join(', ')}.`)
  return org
}

function findSimulatedApp({ state: { apps } }: World, key: string | undefined): App {
  const app = key === undefined ? apps[0] : apps.find(({ label, clientId }) => label === key || clientId === key)
  if (!app) throw new RangeError(`There is no app "${key}". Seeded: ${apps.map(({ label }) => label).join(', ')}.`)
  return app
}

function findByUsername({ state: { users } }: World, username: string): User {
  const user = users.find((one) => one.username === username)
  if (!user) {
    throw new RangeError(`There is no user "${username}". Seeded: ${users.map((one) => one.username).join(', ')}.`)
  }
  return user
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
