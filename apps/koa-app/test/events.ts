import type { Agent } from '@orgpass/testing'

export interface ServerEvent {
  readonly event: string
  readonly id: string | undefined
  readonly data: Record<string, unknown>
}

const asEventSource = {
  accept: 'text/event-stream',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  'sec-fetch-site': 'same-origin',
}

/** Opens the check as a browser's EventSource does; `after` is the last id it saw. */
export async function openCheck(agent: Agent, after?: string): Promise<Response> {
  const headers = { ...asEventSource, ...(after !== undefined && { 'last-event-id': after }) }
  return agent.get('/check/events', { headers })
}

/** The events of a stream, as they come in. */
export async function* eventsOf(response: Response): AsyncGenerator<ServerEvent> {
  let text = ''
  for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += chunk
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      yield parse(text.slice(0, end))
      text = text.slice(end + 2)
    }
  }
}

function parse(block: string): ServerEvent {
  const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.split(': ', 2)[1]]))
  const data = JSON.parse(block.slice(block.indexOf('data: ') + 6)) as Record<string, unknown>
  return { event: fields.get('event') ?? 'message', id: fields.get('id'), data }
}
