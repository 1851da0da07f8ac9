import { createServer } from 'node:http'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { freePort, listen } from '../src/index.ts'

test('serves a listener on localhost', async () => {
  const server = await listen((req, res) => res.end(`you asked for ${req.url}`))
  expect(server.url).toBe(`http://localhost:${server.port}`)
  expect(await (await fetch(`${server.url}/x`)).text()).toBe('you asked for /x')
  await server.close()
})

test('serves a server made elsewhere', async () => {
  const server = await listen(createServer((_, res) => res.end('mine')))
  expect(await (await fetch(server.url)).text()).toBe('mine')
  await server.close()
})

test('close cuts kept-alive and unanswered connections, and may be called twice', async () => {
  const server = await listen((req, res) => void (req.url === '/kept' && res.end('ok')))
  await (await fetch(`${server.url}/kept`, { headers: { connection: 'keep-alive' } })).text()
  const outcome = Promise.allSettled([fetch(`${server.url}/never`)])
  await new Promise((resolve) => setTimeout(resolve, 50))
  await server.close()
  await server.close()
  expect(await outcome).toMatchObject([{ status: 'rejected' }])
  await expect(fetch(server.url)).rejects.toThrow('fetch failed')
})

test('reports a server that cannot listen', async () => {
  const server = createServer()
  const first = await listen(server)
  await expect(listen(server)).rejects.toThrow('more than once')
  await first.close()
})

test('freePort gives a port that nobody listens on', async () => {
  const port = await freePort()
  const failure = await new Promise<NodeJS.ErrnoException>((resolve) =>
    connect(port, '127.0.0.1').once('error', (error) => resolve(error)),
  )
  expect(failure.code).toBe('ECONNREFUSED')
})
