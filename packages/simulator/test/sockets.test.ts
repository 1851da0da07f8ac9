import { request } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RequestLine, type Simulator, startSimulator } from '../src/index.ts'
import { callApi, logIn } from './login-story.ts'

let sim: Simulator
const lines: RequestLine[] = []
beforeAll(async () => {
  sim = await startSimulator({ log: (line) => lines.push(line) })
})
afterAll(async () => sim.close())

/** A request with a Host header of one's own, which fetch forbids. */
async function withHost(origin: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${origin}/.well-known/openid-configuration`, { headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on('error', reject)
    sent.end()
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('a listening simulator', () => {
  it('has a port of its own for every host', () => {
    const ports = [sim.loginUrl, sim.org().url, sim.sandboxLoginUrl].map((url) => new URL(url).port)
    expect(new Set(ports).size).toBe(3)
    expect(new URL(sim.loginUrl).hostname).toBe('127.0.0.1')
  })

  it('answers to localhost as well, and names itself as it was addressed', async () => {
    const url = sim.org().url.replace('127.0.0.1', 'localhost')
    const document = (await (await fetch(`${url}/.well-known/openid-configuration`)).json()) as { issuer: string }
    expect(document.issuer).toBe(url)
  })

  it('refuses names that are not its own', async () => {
    const { host, port } = new URL(sim.loginUrl)
    expect(await withHost(sim.loginUrl, host)).toBe(200)
    expect(await withHost(sim.loginUrl, `evil.example:${port}`)).toBe(421)
    expect(await withHost(sim.loginUrl, 'evil.example')).toBe(421)
  })

  it('tells the log listener about every request', async () => {
    await fetch(`${sim.loginUrl}/id/keys?secret=1`)
    expect(lines.at(-1)).toMatchObject({ method: 'GET', path: '/id/keys', status: 200, origin: sim.loginUrl })
  })

  it('moves an instance to a new port, and knows no session at the old one', async () => {
    const tokens = await logIn(sim)
    const old = sim.org().instanceUrl
    const moved = await sim.moveInstance()
    expect(moved).not.toBe(old)
    const status = async (origin: string): Promise<number> =>
      (
        await fetch(`${origin}/services/data/v64.0/limits`, {
          headers: { authorization: `Bearer ${tokens['access_token']}` },
        })
      ).status
    expect(await status(old)).toBe(401)
    expect(await status(moved)).toBe(200)
    expect((await logIn(sim))['instance_url']).toBe(moved)
    const again = await sim.moveInstance('Acme')
    expect([await status(moved), await status(again)]).toEqual([401, 200])
  })

  it('closes with connections still open', async () => {
    const short = await startSimulator()
    await (await fetch(short.loginUrl, { headers: { connection: 'keep-alive' } })).text()
    await short.close()
    await expect(fetch(short.loginUrl)).rejects.toThrow('fetch failed')
  })
})

describe('a fixed port', () => {
  it('is the login host; orgs follow, then the sandbox login', async () => {
    const port = await freePort()
    const fixed = await startSimulator({ port })
    try {
      const ports = [fixed.loginUrl, fixed.org().url, fixed.sandboxLoginUrl].map((url) => Number(new URL(url).port))
      expect(ports).toEqual([port, port + 1, port + 2])
      await expect(startSimulator({ port })).rejects.toMatchObject({ code: 'EADDRINUSE', port })
    } finally {
      await fixed.close()
    }
  })
})

describe('the REST API', () => {
  it('answers 401 in three ways and 403 when the API is off', async () => {
    const fresh = await startSimulator({
      seed: { orgs: [{ name: 'Off', apiEnabled: false, users: [{ username: 'u@off.example' }] }] },
    })
    try {
      const answer = async (authorization: string | undefined): Promise<unknown> => {
        const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
        const response = await fetch(`${fresh.org().url}/services/data/v64.0/limits`, { headers })
        return [response.status, response.headers.get('www-authenticate'), await response.json()]
      }
      const expired = [401, null, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]]
      expect(await answer(undefined)).toEqual(expired)
      expect(await answer('Bearer nothing')).toEqual(expired)
      const wrong = [401, null, [{ message: 'INVALID_HEADER_TYPE', errorCode: 'INVALID_AUTH_HEADER' }]]
      expect(await answer('Basic abc')).toEqual(wrong)
      const { access_token: narrow } = await logIn(fresh, { params: { scope: 'id' } })
      const message = 'This session is not valid for use with the REST API'
      expect(await answer(`Bearer ${narrow}`)).toEqual([401, null, [{ message, errorCode: 'INVALID_SESSION_ID' }]])
      const off = fresh.org('Off').url
      const { access_token: token } = await logIn(fresh, { base: off })
      expect((await callApi(fresh, token, off)).status).toBe(403)
    } finally {
      await fresh.close()
    }
  })
})
