import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Simulator } from '@orgpass/simulator'

/** Names the origin that a request is for: behind the gate are several. */
export const ORIGIN_HEADER = 'x-origin'

/** A Salesforce that can go away: connections break and new ones are refused, while it keeps what it knows. */
export interface Gate {
  readonly port: number
  shut(): Promise<void>
  open(): Promise<void>
}

export async function openGate(sim: Pick<Simulator, 'fetch'>): Promise<Gate> {
  const server = createServer((req, res) => void pass(sim, req, res).catch(() => res.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    async shut() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
    async open() {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
  }
}

async function pass(sim: Pick<Simulator, 'fetch'>, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { [ORIGIN_HEADER]: origin, authorization, 'content-type': type } = req.headers
  const chunks: Uint8Array[] = []
  for await (const chunk of req as AsyncIterable<Uint8Array>) chunks.push(chunk)
  const answer = await sim.fetch(
    new Request(`${String(origin)}${req.url}`, {
      method: req.method ?? 'GET',
      headers: {
        ...(authorization !== undefined && { authorization }),
        ...(type !== undefined && { 'content-type': type }),
      },
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    }),
  )
  res.writeHead(answer.status, Object.fromEntries(answer.headers))
  res.end(new Uint8Array(await answer.arrayBuffer()))
}
