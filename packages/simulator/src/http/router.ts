import { ConnectionDropped } from '../control/faults.ts'
import type { LogNote, World } from '../world.ts'
import { createRoutes } from './routes.ts'

/** Answers a request by its origin. @throws {ConnectionDropped} when a fault wants the connection destroyed. */
export type Router = (request: Request, address: string) => Promise<Response>

export function createRouter(world: World): Router {
  const routes = createRoutes(world)
  return async (request, address) => {
    const url = new URL(request.url)
    const place = world.hosts.find(url, world.state.orgs)
    if (!place) return misdirected(url.host)
    const note: LogNote = {}
    const { method } = request
    const write = (status: number, error?: string): void => {
      if (place.path.startsWith('/__simulator/')) return
      const more = { ...note, ...(error !== undefined && { error }) }
      world.log.add({ at: world.clock.now(), method, origin: url.origin, path: url.pathname, status, ...more })
    }
    try {
      const response = await routes.fetch(request, { place, address, note })
      write(response.status)
      return response
    } catch (error) {
      write(0, error instanceof ConnectionDropped ? 'dropped' : 'failed')
      throw error
    }
  }
}

/** A name that is not ours may be a rebound one: a page elsewhere must not reach the simulator through it. */
function misdirected(host: string): Response {
  return new Response(`No simulated Salesforce host is called ${host}.`, { status: 421 })
}
