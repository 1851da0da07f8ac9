import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { freePort } from '@orgpass/testing'
import { bundleWorker, serveWorker } from '@orgpass/testing/runtimes'
import type { ServedProcess } from '@orgpass/testing/runtimes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let code: string
let sim: Simulator
let worker: ServedProcess
beforeAll(async () => {
  code = await bundleWorker(fileURLToPath(new URL('worker.ts', import.meta.url)))
  sim = await startSimulator()
  const { clientId, clientSecret } = sim.app()
  const port = await freePort()
  worker = await serveWorker(code, {
    port,
    leaving: true,
    env: {
      SALESFORCE_CLIENT_ID: clientId,
      SALESFORCE_CLIENT_SECRET: clientSecret,
      SALESFORCE_LOGIN_URL: sim.org().url,
      APP_BASE_URL: `http://localhost:${port}`,
      SESSION_SECRET: 'a session secret of the tests long enough 0123456789',
      ISSUER: sim.org().url,
      CALLER: clientId,
    },
  })
})
afterAll(async () => {
  await worker.close()
  await sim.close()
})

async function newToken({ jwt }: { jwt: boolean }): Promise<string> {
  const { clientId, clientSecret } = sim.app()
  sim.updateApp(clientId, { jwtAccessTokens: jwt })
  const grant = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const init = { method: 'POST', body: new URLSearchParams(grant) }
  const response = await fetch(`${sim.org().url}/services/oauth2/token`, init)
  return ((await response.json()) as { access_token: string }).access_token
}

const visit = (path: string, token: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(worker.url + path, {
    headers: { ...headers, authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(10_000),
  })

/** What somebody gets, and how soon, who comes while another's question is under way, who then leaves. Milliseconds. */
async function afterLeaver(
  path: string,
  { leaver, token }: { leaver: string; token: string },
): Promise<[number, number]> {
  const left = visit(path, leaver, { 'x-leave-after': '300' })
  await sleep(200)
  const from = Date.now()
  const { status } = await visit(path, token)
  expect((await left).status).toBe(500)
  return [status, Date.now() - from]
}

describe('a visitor who leaves while a guard asks holds up nobody', () => {
  it('who waits for the same fact', async () => {
    const [leaver, token] = [await newToken({ jwt: true }), await newToken({ jwt: true })]
    expect((await visit('/token', leaver)).status).toBe(200)
    sim.faults.next('data', { latency: 1_000 })
    const [status, took] = await afterLeaver('/org', { leaver, token })
    expect([status, took < 2_000]).toEqual([200, true])
  })

  it('who comes with the same token', async () => {
    const token = await newToken({ jwt: false })
    sim.faults.next('introspect', { latency: 1_000 })
    const [status, took] = await afterLeaver('/token', { leaver: token, token })
    expect([status, took < 2_000]).toEqual([200, true])
  })

  it('where no request outlives its visitor, for longer than a question may take', async () => {
    const [leaver, token] = [await newToken({ jwt: true }), await newToken({ jwt: true })]
    expect((await visit('/unkept/token', leaver)).status).toBe(200)
    sim.faults.next('userinfo', { latency: 1_000 })
    const [status, took] = await afterLeaver('/unkept/type', { leaver, token })
    expect([status, took < 5_000]).toEqual([200, true])
  })
})
