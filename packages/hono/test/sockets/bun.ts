import { socketApp } from './app.ts'

interface BunSocket {
  readonly data: { readonly answer: () => Promise<string> }
  send(text: string): void
}

interface BunServer {
  upgrade(request: Request, options: Pick<BunSocket, 'data'>): boolean
}

const app = socketApp((c, answer) => {
  const server = c.env as BunServer
  return new Response(null, { status: server.upgrade(c.req.raw, { data: { answer } }) ? 200 : 400 })
})

export default {
  fetch: app.fetch,
  port: Number(process.env['PORT']),
  hostname: '127.0.0.1',
  websocket: { message: (socket: BunSocket) => void socket.data.answer().then((text) => socket.send(text)) },
}
