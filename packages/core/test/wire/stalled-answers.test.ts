import type { RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { Connection } from '../../src/connection/connection.ts'
import { oauthUsage, publicClient, readRestError, singleAccess } from '../../src/index.ts'
import { createHttpClient } from '../../src/net/http-client.ts'
import { peekBody } from '../../src/net/peek-body.ts'
import { listenBriefly } from './breakdowns.ts'
import { failureOf } from './refusals.ts'

const identity = { orgId: '00Dx0000000BV7zEAG', userId: '005x00000012Q9PAAU' }
const closing: (() => void)[] = []

afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A head and the beginning of a body, whose end never comes. */
const stall =
  (status: number, begin = ''): RequestListener =>
  (req, res) => {
    closing.push(() => req.socket.destroy())
    res.writeHead(status).flushHeaders()
    if (begin !== '') res.write(begin)
  }
const never: RequestListener = (req) => void closing.push(() => req.socket.destroy())
const breakOff: RequestListener = (_req, res) => {
  res.writeHead(200, { 'content-length': 100 })
  res.write('{"user_id":', () => res.destroy())
}
const flood: RequestListener = (_req, res) => void res.end(`{"apps":["${'x'.repeat(1024 * 1024)}"]}`)

/** A connection to a server, which has 300 ms for each answer. */
function connectTo(instanceUrl: string): { connection: Connection; renewals: () => number } {
  let renewals = 0
  const tokens = { accessToken: 'old', tokenType: 'Bearer', instanceUrl, expirySource: 'unknown', identity } as const
  const source = {
    current: async () => tokens,
    async renew() {
      renewals += 1
      return { ...tokens, accessToken: 'new' }
    },
  }
  const http = createHttpClient({ timeout: 300 })
  const client = {
    clientId: 'c',
    authenticate: publicClient(),
    http,
    trustedHosts: [],
    log: () => undefined,
    now: Date.now,
  }
  return {
    connection: new Connection(source, { client, loginBase: async () => instanceUrl }),
    renewals: () => renewals,
  }
}

describe('an answer that does not come to its end', () => {
  const endings: [what: string, listener: RequestListener, code: string][] = [
    ['its head never comes', never, 'net/timeout'],
    ['its body never comes', stall(200), 'net/timeout'],
    ['its body stops', stall(200, '{"user_id":'), 'net/timeout'],
    ['its body of a refusal stops', stall(400, '[{"errorCode":'), 'net/timeout'],
    ['its body breaks off', breakOff, 'net/connection-lost'],
    ['its body is too long', flood, 'net/too-large'],
  ]

  it.each(endings)('of the services that describe a user: %s', async (_what, listener, code) => {
    await using server = await listenBriefly(listener)
    const { connection } = connectTo(server.url)
    expect(await failureOf(connection.identity())).toMatchObject({ code, sent: true })
    expect(await failureOf(connection.userinfo())).toMatchObject({ code, sent: true })
  })

  it.each(endings)('of the services that take a fetch: %s', async (_what, listener, code) => {
    await using server = await listenBriefly(listener)
    const call = (path: string, init?: RequestInit): Promise<Response> => fetch(server.url + path, init)
    expect(await failureOf(oauthUsage(call, { timeout: 300 }).apps())).toMatchObject({ code })
    expect(await failureOf(oauthUsage(call, { timeout: 300 }).revoke('x'))).toMatchObject({ code })
    expect(await failureOf(singleAccess(call, { timeout: 300 }))).toMatchObject({ code })
  })

  it('is no matter of the signal alone: a body may know nothing of it', async () => {
    const call = async (): Promise<Response> => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }))
    expect(await failureOf(singleAccess(call, { timeout: 50 }))).toMatchObject({ code: 'net/timeout' })
  })

  it('does not hide what the fetch itself throws', async () => {
    const reason = new TypeError('of the app')
    expect(await failureOf(singleAccess(() => Promise.reject(reason)))).toBe(reason)
  })
})

describe('a refusal whose body does not come to its end', () => {
  it.each([
    ['says that the token is dead', '[{"errorCode":"INVALID_SESSION_ID","message":"Session expired or invalid"', 1],
    ['says nothing', '', 1],
    ['says something else', '[{"errorCode":"OTHER","message":"This session is not valid for use with the REST API"', 0],
  ])('and %s is judged by what came', async (_what, begin, expected) => {
    await using server = await listenBriefly((req, res) => {
      if (req.headers.authorization === 'Bearer old') stall(401, begin)(req, res)
      else res.end('{}')
    })
    const { connection, renewals } = connectTo(server.url)
    const response = await connection.fetch('/services/data')
    expect([response.status, renewals()]).toEqual([expected === 1 ? 200 : 401, expected])
    await response.body?.cancel()
  })

  it('stays readable: how long it may take is then the reader’s matter', async () => {
    let send: (text: string) => void = () => undefined
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        send = (text) => {
          controller.enqueue(new TextEncoder().encode(text))
          if (text.endsWith('!')) controller.close()
        }
      },
    })
    const response = new Response(stream, { status: 400 })
    send('one ')
    expect(await peekBody(response, 50)).toBe('one ')
    send('two!')
    expect(await response.text()).toBe('one two!')
  })

  it('is typed all the same', { timeout: 15_000 }, async () => {
    const stream = new ReadableStream({ pull: () => new Promise(() => {}) })
    expect(await readRestError(new Response(stream, { status: 503 }))).toMatchObject({ code: 'rest/unavailable' })
  })
})
