import { once } from 'node:events'
import { WebSocket } from 'ws'

/** What the first answer to a GraphQL subscription says, by the protocol of graphql-ws. */
export async function subscribe(url: string, query: string, headers: Record<string, string>): Promise<unknown> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers })
  const heard = async (): Promise<{ type: string; payload?: unknown }> => {
    const [message] = (await once(socket, 'message', { signal: AbortSignal.timeout(5_000) })) as [Buffer]
    return JSON.parse(message.toString()) as { type: string }
  }
  try {
    await once(socket, 'open')
    const accepted = heard()
    socket.send(JSON.stringify({ type: 'connection_init' }))
    await accepted
    const answer = heard()
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }))
    return (await answer).payload
  } finally {
    socket.terminate()
  }
}
