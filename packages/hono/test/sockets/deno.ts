import { socketApp } from './app.ts'

interface DenoServer {
  serve(
    options: { port: number; hostname: string },
    handler: (request: Request) => Response | Promise<Response>,
  ): unknown
  upgradeWebSocket(request: Request): { socket: WebSocket; response: Response }
}

declare const Deno: DenoServer

const app = socketApp((c, answer) => {
  const { socket, response } = Deno.upgradeWebSocket(c.req.raw)
  socket.addEventListener('message', () => void answer().then((text) => socket.send(text)))
  return response
})
Deno.serve({ port: Number(process.env['PORT']), hostname: '127.0.0.1' }, app.fetch)
