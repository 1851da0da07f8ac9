import { createServer, request } from 'node:http'
import { listen } from '../listen.ts'
import type { Listening } from '../listen.ts'

/** A reverse proxy that forwards what stands below a prefix, without it. */
export async function stripPrefix(prefix: string, port: number): Promise<Listening> {
  return listen(
    createServer((req, res) => {
      if (!req.url?.startsWith(`${prefix}/`)) return void res.writeHead(404).end()
      const path = req.url.slice(prefix.length)
      const onward = request({ host: '127.0.0.1', port, method: req.method, path, headers: req.headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(res)
      })
      onward.once('error', () => res.destroy())
      return req.pipe(onward)
    }),
  )
}
