import { socketApp } from './app.ts'

declare const WebSocketPair: new () => { 0: WebSocket; 1: WebSocket & { accept(): void } }

export default socketApp((_c, answer) => {
  const { 0: client, 1: server } = new WebSocketPair()
  server.accept()
  server.addEventListener('message', () => void answer().then((text) => server.send(text)))
  const init: ResponseInit & { webSocket: WebSocket } = { status: 101, webSocket: client }
  return new Response(null, init)
})
