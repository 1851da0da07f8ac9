import { once } from 'node:events'
import { WebSocket } from 'ws'

export interface Talk extends AsyncDisposable {
  /** Sends an event and answers the first message that comes back. */
  ask(event: string, data?: unknown): Promise<unknown>
  /** The next message that comes, by itself. */
  next(): Promise<unknown>
}

/** A client of `ws`; browsers send `Origin` and cookies with the handshake. */
export async function talk(url: string, headers: Record<string, string> = {}): Promise<Talk> {
  const socket = new WebSocket(url.replace('http', 'ws'), { headers })
  await once(socket, 'open')
  const next = async (): Promise<unknown> => {
    const [message] = (await once(socket, 'message', { signal: AbortSignal.timeout(5_000) })) as [Buffer]
    return JSON.parse(message.toString())
  }
  return {
    next,
    ask(event, data) {
      const answer = next()
      socket.send(JSON.stringify({ event, data }))
      return answer
    },
    async [Symbol.asyncDispose]() {
      const closed = once(socket, 'close')
      socket.close()
      await closed
    },
  }
}
