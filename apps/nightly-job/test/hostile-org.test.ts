import { listen } from '@orgpass/testing'
import type { Connection } from '@orgpass/core'
import type { RequestListener } from 'node:http'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ask } from '../src/ask.ts'
import { countContacts } from '../src/batch.ts'
import type { Report } from '../src/report.ts'
import { whyStopped } from '../src/why-stopped.ts'

afterEach(() => void vi.restoreAllMocks())

/** A connection to a server that answers every call like this. */
async function connectTo(listener: RequestListener): Promise<{ connection: Connection } & AsyncDisposable> {
  const server = await listen(listener)
  const connection = { fetch: (path: string, init?: RequestInit) => fetch(new URL(path, server.url), init) }
  return { connection: connection as Connection, [Symbol.asyncDispose]: () => server.close() }
}

const messageOf = (act: Promise<unknown>): Promise<string> =>
  act.then(
    () => 'It went well.',
    (error: unknown) => whyStopped(error),
  )
const { signal } = new AbortController()

describe('an org that is not what it should be', () => {
  it('is not waited for longer than a minute', async () => {
    const limit = vi.spyOn(AbortSignal, 'timeout')
    limit.mockImplementation(() => shortly(100))
    await using silent = await connectTo(() => undefined)
    expect(await messageOf(ask(silent.connection, '/services/data', signal))).toMatch(/within a minute.*goes on/)
    await using slow = await connectTo((_req, res) => void res.writeHead(200).write('{'))
    expect(await messageOf(ask(slow.connection, '/services/data', signal))).toMatch(/within a minute.*goes on/)
    expect(limit).toHaveBeenCalledWith(60_000)
  })

  it('that names the same page of a query again and again is left', async () => {
    let asked = 0
    const page = { records: [], totalSize: 1, nextRecordsUrl: '/services/data/v64.0/query/01g-500' }
    await using server = await connectTo((_req, res) => {
      asked += 1
      res.end(asked > 20 ? '{"records":[]}' : JSON.stringify(page))
    })
    const report = { has: () => true } as unknown as Report
    const display = { start: () => undefined, advance: () => undefined }
    const { connection } = server
    expect(await messageOf(countContacts({ connection, report, display, signal }))).toMatch(/same page/)
    expect(asked).toBe(2)
  })

  it('has its words shown without what a terminal would obey', async () => {
    await using server = await connectTo((_req, res) => void res.end('\u001B[2J\u202Ewiped\u0007'))
    const message = await messageOf(ask(server.connection, '/services/data', signal))
    expect(message).toMatch(/JSON/)
    for (const mark of ['\u0007', '\u202E', '\u001B']) expect(message).not.toContain(mark)
  })
})

function shortly(duration: number): AbortSignal {
  const controller = new AbortController()
  setTimeout(() => controller.abort(new DOMException('It took too long.', 'TimeoutError')), duration)
  return controller.signal
}
