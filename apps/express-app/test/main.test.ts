import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { listen, startProgram } from '@orgpass/testing'
import type { Program } from '@orgpass/testing'
import { afterEach, expect, it } from 'vitest'

const running: Program[] = []

afterEach(() => {
  for (const program of running.splice(0)) program.kill('SIGKILL')
})

function start(variables: Record<string, string>): Program {
  const program = startProgram(new URL('../src/main.ts', import.meta.url), variables)
  running.push(program)
  return program
}

async function failure(variables: Record<string, string>): Promise<string> {
  const run = start(variables)
  run.address.catch(() => undefined)
  const { code, out, err } = await run.ended
  expect(code).toBe(1)
  expect(out).toBe('')
  return err
}

it.each(['SIGTERM', 'SIGINT'] as const)('serves the demo on a free port, and stops on %s', async (signal) => {
  const run = start({ PORT: '0' })
  const url = await run.address
  // A kept-alive connection and a running simulator must not hold the process.
  expect(await (await fetch(url)).text()).toContain('This is a demo org')
  run.kill(signal)
  const { code, out, err } = await run.ended
  expect(code).toBe(0)
  expect(err).toBe('')
  expect(out).toContain('ada@acme.example, grace@acme.example, alan@acme.example, with the password simulator')
})

it('lets a request under way finish when it is stopped', async () => {
  const run = start({ PORT: '0' })
  const url = await run.address
  const headers = { origin: url, 'content-type': 'application/x-www-form-urlencoded', 'content-length': '12' }
  const logout = request(`${url}/auth/logout`, { method: 'POST', headers })
  logout.write('returnTo')
  await fetch(url)
  run.kill('SIGTERM')
  await expect.poll(async () => fetch(url).catch(() => 'refused')).toBe('refused')
  const sent = performance.now()
  logout.end('=%2F')
  const [response] = (await once(logout, 'response')) as [IncomingMessage]
  response.resume()
  expect(response.statusCode).toBe(303)
  expect((await run.ended).code).toBe(0)
  // The connection is kept alive by this side; it must not make the app wait until it loses its patience.
  expect(performance.now() - sent).toBeLessThan(4_000)
})

it('says in one line that the port is in use', async () => {
  const taken = await listen((_req, res) => res.end())
  const err = await failure({ PORT: String(taken.port) })
  await taken.close()
  expect(err).toBe('Cannot start: the port is in use. Set PORT to another one, or to 0 for any free one.\n')
})

it('says in one line what is missing', async () => {
  const err = await failure({ PORT: '0', SALESFORCE_CLIENT_ID: '3MVG9', APP_BASE_URL: 'http://localhost:3000' })
  expect(err).toMatch(
    /^Cannot start: SALESFORCE_CLIENT_SECRET, SALESFORCE_LOGIN_URL, SESSION_SECRET are missing\..*\n$/,
  )
})

it('says in one line everything that is wrong', async () => {
  const err = await failure({
    PORT: '0',
    SALESFORCE_CLIENT_ID: '3MVG9',
    SALESFORCE_CLIENT_SECRET: 'not to be printed',
    SALESFORCE_LOGIN_URL: 'https://acme.lightning.force.com',
    APP_BASE_URL: 'http://app.example.com',
    SESSION_SECRET: 'short',
  })
  expect(err).toMatch(/^Cannot start: .*SALESFORCE_LOGIN_URL.*SESSION_SECRET.*\n$/)
  expect(err).toContain('APP_BASE_URL')
  expect(err).not.toContain('not to be printed')
})
