import { createClock } from './control/clock.ts'
import { createFaults } from './control/faults.ts'
import { createRequestLog } from './control/request-log.ts'
import { createHandle } from './handle.ts'
import { createHosts, type HostLayout } from './http/hosts.ts'
import { createRouter, type Router } from './http/router.ts'
import { createSockets } from './http/sockets.ts'
import { createState } from './seed/create-state.ts'
import { resolveSeed } from './seed/resolve-seed.ts'
import type { Simulator, SimulatorOptions } from './simulator-types.ts'
import type { State } from './state.ts'
import { createKeys } from './tokens/keys.ts'
import type { World } from './world.ts'

/**
 * A simulator without sockets: call `fetch`. Origins are `http://login.localhost`, `http://test.localhost` and
 * `http://<my domain>.my.localhost`; `port`, `host` and `tls` do not matter.
 * @throws {SeedError} listing every fault of the seed
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const { state, createWorld } = prepare(options)
  let moves = 1
  const world = createWorld(
    {
      login: 'http://login.localhost',
      sandboxLogin: 'http://test.localhost',
      orgs: new Map(state.orgs.map((org) => [org.id, `http://${org.myDomain}.my.localhost`])),
    },
    async (org) => `http://${org.myDomain}-${(moves += 1)}.my.localhost`,
  )
  return createHandle(world, { router: createRouter(world), close: async () => {} })
}

/**
 * A simulator that listens: one port for each generic login host and one for each org.
 * @throws {SeedError} listing every fault of the seed
 * @throws {Error} with code EADDRINUSE when a port is taken
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { state, createWorld } = prepare(options)
  const { port = 0, host = '127.0.0.1', tls } = options
  const portAt = (index: number): number => (port === 0 ? 0 : port + index)
  let router: Router | undefined
  const sockets = createSockets({
    host,
    ...(tls && { tls }),
    router: async (request, address) =>
      router ? router(request, address) : new Response('The simulator is still starting.', { status: 503 }),
  })
  try {
    const login = await sockets.open(portAt(0))
    const orgs = new Map<string, string>()
    for (const org of state.orgs) orgs.set(org.id, await sockets.open(portAt(orgs.size + 1)))
    const sandboxLogin = await sockets.open(portAt(orgs.size + 1))
    const world = createWorld({ login, sandboxLogin, orgs }, async () => sockets.open(0))
    router = createRouter(world)
    return createHandle(world, { router, close: async () => sockets.close() })
  } catch (error) {
    await sockets.close()
    throw error
  }
}

interface Prepared {
  state: State
  createWorld: (layout: HostLayout, openInstance: World['openInstance']) => World
}

function prepare(options: SimulatorOptions): Prepared {
  const seed = resolveSeed(options.seed)
  const clock = createClock(options.now ?? Date.now)
  const freshState = (): State => createState(seed, () => clock.now())
  const state = freshState()
  const createWorld: Prepared['createWorld'] = (layout, openInstance) => ({
    state,
    clock,
    hosts: createHosts(layout),
    keys: createKeys(),
    faults: createFaults(),
    log: createRequestLog(options.log),
    freshState,
    openInstance,
  })
  return { state, createWorld }
}
