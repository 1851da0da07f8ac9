import { createServer, request } from 'node:http'
import { listen } from '../listen.ts'
import type { Listening } from '../listen.ts'

/** A reverse proxy that forwards what stands below a prefix, without it. */
export async function stripPrefix(prefix: string, port: number): Promise<Listening> {
  return listen(
    createServer((req, res) => {
      if (!req.url?.startsWith(`${prefix}/`)) return void res.writeHead(404).end()
      const { method, headers } = req
      const path = req.url.slice(prefix.length)
      // A connection of its own: one that is kept alive may be closed by the app at the moment it is used again.
      const onward = request({ host: '127.0.0.1', port, agent: false, method, path, headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(res)
      })
      onward.once('error', () => res.destroy())
      return req.pipe(onward)
    }),
  )
}
