import { connect } from 'node:net'

export interface RawAnswer {
  /** 0 when the connection was closed without an answer. */
  readonly status: number
  readonly headers: string
  readonly body: string
}

const PATIENCE = 5_000

/** One request by hand, as a person's browser would ask for a page, and all that comes back. `line` is method and target. */
export async function sendRaw(port: number, line: string, headers: readonly string[] = []): Promise<RawAnswer> {
  const text = await new Promise<string>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let received = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => void (received += chunk))
    // A server may close before it has read all: what it said by then counts.
    socket.on('error', () => undefined).once('close', () => resolve(received))
    socket.setTimeout(PATIENCE, () => socket.destroy())
    const host = headers.some((header) => /^host:/i.test(header)) ? [] : [`Host: localhost:${port}`]
    const own = ['Accept: text/html', 'Cookie: planted=1', 'Connection: close']
    socket.write(`${[`${line} HTTP/1.1`, ...host, ...own, ...headers].join('\r\n')}\r\n\r\n`, 'latin1')
  })
  const end = text.indexOf('\r\n\r\n')
  const head = end === -1 ? text : text.slice(0, end)
  return {
    status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0),
    headers: head,
    body: end === -1 ? '' : text.slice(end + 4),
  }
}
