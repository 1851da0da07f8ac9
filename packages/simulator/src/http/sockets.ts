import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { ConnectionDropped } from '../control/faults.ts'
import type { Router } from './router.ts'

export interface SocketOptions {
  host: string
  tls?: { cert: string; key: string }
  router: Router
}

export interface Sockets {
  /** Listens on a port, 0 for a free one, and returns the origin. */
  open(port: number): Promise<string>
  close(): Promise<void>
}

export function createSockets({ host, tls, router }: SocketOptions): Sockets {
  const servers: Server[] = []
  const listener = getRequestListener(
    async (request, { incoming, outgoing }) => {
      try {
        return await router(request, incoming.socket.remoteAddress ?? host)
      } catch (error) {
        if (!(error instanceof ConnectionDropped)) throw error
        outgoing.destroy()
        return RESPONSE_ALREADY_SENT
      }
    },
    { overrideGlobalObjects: false, hostname: host },
  )

  return {
    async open(port) {
      const server = tls ? createHttpsServer(tls) : createHttpServer()
      server.on('request', (incoming, outgoing) => void listener(incoming, outgoing))
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, resolve)
      })
      servers.push(server)
      return `${tls ? 'https' : 'http'}://${nameInUrls(host)}:${portOf(server)}`
    },
    async close() {
      await Promise.all(
        servers.map(async (server) => {
          const closed = new Promise((resolve) => server.close(resolve))
          server.closeAllConnections()
          await closed
        }),
      )
    },
  }
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return address.port
}

/** Nobody can visit "all interfaces". */
function nameInUrls(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
