import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { freePort, listen } from '@orgpass/testing'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { TransportError } from '../../src/errors/errors.ts'
import { inBun } from '../host.ts'
import { createHttpClient } from '../../src/net/http-client.ts'
import type { HttpAnswer } from '../../src/net/http-client.ts'

const PLANTED = 'PLANTED-secret-0123456789'
const body = new URLSearchParams({ client_secret: PLANTED })
const http = createHttpClient({ timeout: 2_000 })
const servers: Server[] = []
const sockets: Socket[] = []

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})

/** A server that does with each connection what a test wants, once it has seen a whole request. */
async function serve(work: (socket: Socket, request: string) => void): Promise<string> {
  const server = createServer((socket) => {
    sockets.push(socket)
    let request = ''
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      request += chunk.toString()
      if (request.includes(PLANTED)) work(socket, request)
    })
  })
  return `http://127.0.0.1:${await portOf(server)}/`
}

async function portOf(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function refusal(url: string, signal?: AbortSignal): Promise<TransportError> {
  const headers = new Headers({ authorization: `Basic ${btoa(PLANTED)}` })
  const failure: unknown = await http
    .send(url, { method: 'POST', headers, body, ...(signal && { signal }) })
    .catch((error: unknown) => error)
  if (!(failure instanceof TransportError)) throw new Error('The request succeeded', { cause: failure })
  const words = inspect(failure, { depth: 10, showHidden: true }) + JSON.stringify(failure)
  expect(words).not.toMatch(new RegExp(`${PLANTED}|${btoa(PLANTED)}`))
  return failure
}

const post = (url: string): Promise<HttpAnswer> => http.send(url, { method: 'POST', body })
const answer = (head: string, text = ''): string => `HTTP/1.1 ${head}\r\ncontent-length: ${text.length}\r\n\r\n${text}`

describe('a request that never left', () => {
  it('to a port where nobody listens', async () => {
    const failure = await refusal(`http://127.0.0.1:${await freePort()}/`)
    expect(failure).toMatchObject({ code: 'net/unreachable', sent: false, retryable: true, status: 502 })
    expect(failure.message).toMatch(/^127\.0\.0\.1:\d+ cannot be reached \((ECONNREFUSED|tcp connect error.*)\)\.$/)
  })

  it('to both addresses of localhost, where nobody listens', async () => {
    expect(await refusal(`http://localhost:${await freePort()}/`)).toMatchObject({
      code: 'net/unreachable',
      sent: false,
    })
  })

  it('to a port that fetch keeps away from', async () => {
    const failure = await refusal('http://127.0.0.1:6000/')
    expect(failure).toMatchObject({ code: 'net/unreachable', sent: false, hint: expect.stringMatching(/login URL/) })
    // Bun tries.
    expect(failure.message).toMatch(/^127\.0\.0\.1:6000 cannot be reached \((bad port|ECONNREFUSED)\)\.$/)
  })

  it('to a name that does not exist', async () => {
    const failure = await refusal('http://no-such-host.invalid/')
    expect(failure).toMatchObject({
      code: 'net/unreachable',
      sent: false,
      hint: expect.stringMatching(/login URL, DNS/),
    })
    expect(failure.message).toMatch(/no-such-host\.invalid cannot be reached \((ENOTFOUND|EAI_AGAIN|dns error.*)\)/)
  })

  describe('for want of a certificate to trust', () => {
    let url: string
    beforeAll(async () => {
      const folder = mkdtempSync(join(tmpdir(), 'orgpass-'))
      const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
      const subject = ['-subj', '/CN=localhost', '-days', '2']
      execFileSync(
        'openssl',
        ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject],
        { stdio: 'ignore' },
      )
      const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_req, res) => res.end('{}'))
      rmSync(folder, { recursive: true })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
      return () => void server.close()
    })

    it('which is self-signed', async () => {
      const failure = await refusal(url)
      expect(failure).toMatchObject({ code: 'net/unreachable', sent: false })
      expect(failure.message).toMatch(/DEPTH_ZERO_SELF_SIGNED_CERT|invalid peer certificate/)
    })
  })

  it('because connecting took the kernel too long', async () => {
    const slow = Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT', syscall: 'connect' })
    const client = createHttpClient({ fetch: () => Promise.reject(new TypeError('fetch failed', { cause: slow })) })
    const failure = client.send('https://login.salesforce.com/', { method: 'POST' })
    await expect(failure).rejects.toMatchObject({ code: 'net/unreachable', sent: false })
  })
})

describe('a request that may have been carried out', () => {
  it.each(['form', 'text'] as const)('leaves once, also when the connection breaks under a %s', async (kind) => {
    let arrivals = 0
    const server = await listen((req) => {
      arrivals++
      req.resume().on('end', () => req.socket.destroy())
    })
    try {
      const form = new URLSearchParams({ grant_type: 'refresh_token' })
      const sent = http.send(server.url, { method: 'POST', body: kind === 'form' ? form : '{}' })
      await expect(sent).rejects.toMatchObject({ code: 'net/connection-lost', sent: true })
      expect(arrivals).toBe(1)
    } finally {
      await server.close()
    }
  })

  it.each<[what: string, work: (socket: Socket) => void, code: string]>([
    ['the connection is cut before any answer', (socket) => socket.destroy(), 'net/connection-lost'],
    ['the connection is reset before any answer', (socket) => socket.resetAndDestroy(), 'net/connection-lost'],
    ['the connection is closed in order before any answer', (socket) => socket.end(), 'net/connection-lost'],
    [
      'the connection is cut within the headers',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le'),
      'net/connection-lost',
    ],
    [
      'the connection is cut within the body',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'),
      'net/connection-lost',
    ],
    ['the answer is no HTTP', (socket) => socket.end(`what? ${PLANTED}\r\n\r\n`), 'net/connection-lost'],
    [
      'a chunk of the answer is broken',
      (socket) => socket.end(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz${PLANTED}`),
      'net/connection-lost',
    ],
    ['no answer comes', () => undefined, 'net/timeout'],
    ['the answer stops', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'), 'net/timeout'],
    [
      'the answer is a redirect',
      (socket) => socket.end(answer('302 Found\r\nlocation: https://acme.my.salesforce.com/x?y')),
      'net/redirected',
    ],
    ['the answer is a redirect to nowhere', (socket) => socket.end(answer('302 Found')), 'net/redirected'],
    ['the answer is too large', (socket) => socket.end(answer('200 OK', 'x'.repeat(1024 * 1024 + 1))), 'net/too-large'],
    [
      'the answer is too large and does not say so',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
        for (let i = 0; i < 20; i++) socket.write(`10000\r\n${'x'.repeat(65_536)}\r\n`)
      },
      'net/too-large',
    ],
  ])('%s', async (_what, work, code) => {
    const failure = await refusal(await serve(work))
    expect(failure).toMatchObject({ code, sent: true, hint: expect.stringMatching(/\w{4}/) })
  })

  it('names the origin of a redirect and nothing else of it', async () => {
    const url = await serve((socket) =>
      socket.end(answer(`307 x\r\nlocation: https://acme.my.salesforce.com/x?code=${PLANTED}`)),
    )
    const failure = await refusal(url)
    expect(failure.message).toContain('redirected the request to https://acme.my.salesforce.com instead')
    expect(failure.hint).toContain('set the login URL to it')
  })

  it.each(['/elsewhere', '//127.0.0.1/x', 'javascript:alert(1)'])(
    'says no nonsense about a redirect to %s',
    async (location) => {
      const { message } = await refusal(
        await serve((socket) => socket.end(answer(`302 Found\r\nlocation: ${location}`))),
      )
      expect(message).toMatch(/redirected the request to (http:\/\/127\.0\.0\.1(:\d+)?|another address) instead/)
    },
  )

  it('given up by its caller is told apart from a timeout', async () => {
    const controller = new AbortController()
    const url = await serve(() => controller.abort())
    expect(await refusal(url, controller.signal)).toMatchObject({ code: 'net/aborted', sent: true, retryable: false })
  })
})

describe('an answer is handed over whatever its status', () => {
  it.each([
    ['200 OK', '{"a":1}'],
    ['400 Bad Request', '{"error":"invalid_grant"}'],
    ['503 Service Unavailable', '<html>down for maintenance</html>'],
    ['200 OK', 'x'.repeat(1024 * 1024)],
  ])('%s', async (head, text) => {
    const { status, text: got } = await post(await serve((socket) => socket.end(answer(head, text))))
    expect([status, got]).toEqual([Number(head.slice(0, 3)), text])
  })

  it('with characters cut across packets', async () => {
    const url = await serve((socket) => {
      socket.write(Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n`))
      socket.write(Buffer.from('𝄞').subarray(0, 2))
      setTimeout(() => socket.end(Buffer.from('𝄞').subarray(2)), 20)
    })
    expect((await post(url)).text).toBe('𝄞')
  })
})

describe('fetch, for calls whose answer belongs to the caller', () => {
  it('hands a redirect back', async () => {
    const url = await serve((socket) => socket.end(answer('302 Found\r\nlocation: http://127.0.0.1:9/')))
    const response = await http.fetch(url, { method: 'POST', body })
    expect([response.status, response.headers.get('location')]).toEqual([302, 'http://127.0.0.1:9/'])
  })

  it('types a broken connection', async () => {
    const url = await serve((socket) => socket.destroy())
    await expect(http.fetch(url, { method: 'POST', body })).rejects.toMatchObject({
      code: 'net/connection-lost',
      sent: true,
    })
  })

  it('types a broken connection also under a streamed body', async () => {
    const url = await serve((socket) => socket.destroy())
    const stream = new Blob([body.toString()]).stream()
    const init = { method: 'POST', body: stream, duplex: 'half' } as RequestInit
    await expect(http.fetch(url, init)).rejects.toMatchObject({ code: 'net/connection-lost', sent: true })
  })

  it('gives an abort its own reason back', async () => {
    const controller = new AbortController()
    const reason = new Error('closed')
    const url = await serve(() => controller.abort(reason))
    await expect(http.fetch(url, { method: 'POST', body, signal: controller.signal })).rejects.toBe(reason)
  })

  // Bun sends them.
  it.skipIf(inBun).each<[what: string, init: RequestInit]>([
    ['a body with GET', { method: 'GET', body: 'x' }],
    ['a method that no browser allows', { method: 'CONNECT' }],
    ['a method that is none', { method: 'a b' }],
  ])('does not call %s a network failure: nothing was sent', async (_what, init) => {
    await expect(http.fetch('http://127.0.0.1:9/', init)).rejects.toBeInstanceOf(TypeError)
  })
})
