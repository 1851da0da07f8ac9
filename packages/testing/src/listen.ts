import { once } from 'node:events'
import { createServer, Server } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Listening {
  /** `http://localhost:<port>`, without a trailing slash. */
  readonly url: string
  readonly port: number
  /** Stops listening and cuts every connection, idle or not. */
  close(): Promise<void>
}

/** Serves a listener (an Express or Koa callback, say) or a server on 127.0.0.1. @param at the port; default any free one */
export async function listen(target: Server | RequestListener, at: number = 0): Promise<Listening> {
  const server = target instanceof Server ? target : createServer(target)
  server.listen(at, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  let closing: Promise<void> | undefined
  return {
    url: `http://localhost:${port}`,
    port,
    close() {
      closing ??= new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)))
        server.closeAllConnections()
      })
      return closing
    },
  }
}
