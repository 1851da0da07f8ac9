import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startSimulator } from '@orgpass/simulator'
import type { Simulator } from '@orgpass/simulator'
import { createAgent, freePort } from '@orgpass/testing'
import type { Agent } from '@orgpass/testing'
import { signIn } from '@orgpass/testing/adapter'
import { bundleWorker, serveScript, serveWorker } from '@orgpass/testing/runtimes'
import type { ServedProcess, ServeOptions } from '@orgpass/testing/runtimes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const runtimes: [name: string, start: (options: ServeOptions) => Promise<ServedProcess>][] = [
  ['Deno', (options) => serveScript('deno', file('deno.ts'), options)],
  ['Bun', (options) => serveScript('bun', file('bun.ts'), options)],
  ['workerd', async (options) => serveWorker(await bundleWorker(file('workerd.ts')), options)],
]

describe.each(runtimes)('a WebSocket on %s', (_, start) => {
  let sim: Simulator
  let app: ServedProcess
  let agent: Agent

  beforeAll(async () => {
    sim = await startSimulator()
    const port = await freePort()
    const { clientId, clientSecret } = sim.app()
    const env = {
      SALESFORCE_CLIENT_ID: clientId,
      SALESFORCE_CLIENT_SECRET: clientSecret,
      SALESFORCE_LOGIN_URL: sim.org().url,
      APP_BASE_URL: `http://localhost:${port}`,
      SESSION_SECRET: 'a session secret of the tests 0123456789 abcdef',
    }
    app = await start({ port, env })
    agent = createAgent(app.url)
    await signIn(sim, agent)
  }, 60_000)
  afterAll(async () => {
    await app.close()
    await sim.close()
  })

  const connect = (origin: string, cookie = agent.cookies.get('salesforce.sid') ?? ''): WebSocket =>
    new WebSocket(app.url.replace('http', 'ws').concat('/socket'), {
      headers: { origin, cookie: `salesforce.sid=${cookie}` },
    })
  const say = async (socket: WebSocket): Promise<string> => {
    socket.send('call')
    return String(((await once(socket, 'message')) as [Buffer])[0])
  }

  it('knows who opened it and uses a token that lives; one that died is not renewed, because no cookie can be sent', async () => {
    const socket = connect(app.url)
    await once(socket, 'open')
    expect(await say(socket)).toBe('200')
    sim.expireAccessTokens()
    expect(await say(socket)).toBe('session/response-started')
    expect(sim.requests.some(({ grantType }) => grantType === 'refresh_token')).toBe(false)
    expect(await (await agent.get('/call')).text()).toBe('200')
    expect(await say(socket)).toBe('200')
    socket.close()
  })

  it('opens for the app’s own pages only, and for who is logged in', async () => {
    for (const [open, status] of [
      [() => connect('https://evil.example'), 403],
      [() => connect(app.url, 'forged'), 401],
    ] as const) {
      const [, response] = (await once(open(), 'unexpected-response')) as [unknown, { statusCode: number }]
      expect(response.statusCode).toBe(status)
    }
  })
})
