import { createClock } from './clock.ts'
import { createFaults } from './faults.ts'
import { createHosts, type HostLayout } from './hosts.ts'
import { createKeys } from './keys.ts'
import { createRequestLog } from './request-log.ts'
import { createRouter, type Router } from './router.ts'
import { resolveSeed } from './resolve-seed.ts'
import { createHandle } from './handle.ts'
import type { Simulator, SimulatorOptions } from './simulator-types.ts'
import { createSockets } from './sockets.ts'
import { createState, type Org, type State } from './state.ts'
import type { World } from './world.ts'

/** A simulator without sockets: call `fetch`. Origins are `http://login.localhost` and `http://<my domain>.my.localhost`. */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const start = prepare(options)
  let moves = 1
  const world = start.world({
    login: 'http://login.localhost',
    sandboxLogin: 'http://test.localhost',
    orgs: new Map(start.state.orgs.map((org) => [org.id, `http://${org.myDomain}.my.localhost`])),
  })
  return createHandle(world, {
    router: createRouter(world),
    freshState: start.freshState,
    openInstance: async (org: Org) => `http://${org.myDomain}-${(moves += 1)}.my.localhost`,
    close: async () => {},
  })
}

/**
 * A simulator that listens: one port for each generic login host and one for each org.
 * @throws {SeedError} listing every fault of the seed
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const start = prepare(options)
  const { port = 0, host = '127.0.0.1', tls } = options
  const portAt = (index: number): number => (port === 0 ? 0 : port + index)
  let router: Router | undefined
  const sockets = createSockets({
    host,
    ...(tls && { tls }),
    router: async (request, address) => {
      if (!router) throw new Error('The simulator is still starting.')
      return router(request, address)
    },
  })
  try {
    const login = await sockets.open(portAt(0))
    const orgs = new Map<string, string>()
    for (const org of start.state.orgs) orgs.set(org.id, await sockets.open(portAt(orgs.size + 1)))
    const sandboxLogin = await sockets.open(portAt(orgs.size + 1))
    const world = start.world({ login, sandboxLogin, orgs })
    router = createRouter(world)
    return createHandle(world, {
      router,
      freshState: start.freshState,
      openInstance: async () => sockets.open(0),
      close: async () => sockets.close(),
    })
  } catch (error) {
    await sockets.close()
    throw error
  }
}

function prepare(options: SimulatorOptions): {
  state: State
  freshState: () => State
  world: (layout: HostLayout) => World
} {
  const seed = resolveSeed(options.seed)
  const clock = createClock(options.now ?? Date.now)
  const freshState = (): State => createState(seed, () => clock.now())
  const state = freshState()
  return {
    state,
    freshState,
    world: (layout) => ({
      state,
      clock,
      hosts: createHosts(layout),
      keys: createKeys(),
      faults: createFaults(),
      log: createRequestLog(options.log),
    }),
  }
}
