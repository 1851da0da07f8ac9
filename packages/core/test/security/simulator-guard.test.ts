import { request } from 'node:http'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let sim: Simulator
beforeAll(async () => void (sim = await startSimulator()))
afterAll(() => sim.close())

/** Node's own client: `fetch` does not let a test say which host it means. */
function ask(method: string, path: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port } = new URL(sim.loginUrl)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

describe('a page that a developer has open', () => {
  it.each<[string, Record<string, string>, number]>([
    ['another site', { origin: 'https://evil.example' }, 403],
    ['an opaque origin', { origin: 'null' }, 403],
    ['an app on another port', { origin: 'http://127.0.0.1:3000' }, 403],
    ['the same site', { 'sec-fetch-site': 'same-site' }, 403],
    ['a link', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 403],
    ['a rebound name', { host: 'evil.example' }, 421],
    ['a rebound name that begins right', { host: '127.0.0.1.evil.example' }, 421],
  ])('cannot drive the simulator: %s', async (_, headers, status) => {
    const before = sim.clock.now()
    for (const path of ['/__simulator/reset', '/__simulator/clock', '/__simulator/expire-access-tokens']) {
      expect(await ask('POST', path, headers)).toBe(status)
    }
    expect(await ask('GET', '/__simulator/state', headers)).toBe(status)
    expect(sim.clock.now() - before).toBeLessThan(60_000)
  })

  it('cannot log in for the developer', async () => {
    expect(await ask('POST', '/login', { origin: 'https://evil.example' })).toBe(403)
    expect(await ask('POST', '/approve', { origin: 'https://evil.example' })).toBe(403)
  })

  it('is told by no header that it may read an answer', async () => {
    const reply = await fetch(`${sim.loginUrl}/__simulator/state`, { headers: { origin: sim.loginUrl } })
    expect(reply.status).toBe(200)
    expect(reply.headers.get('access-control-allow-origin')).toBeNull()
  })
})
